/** @file The Open Inference Protocol: typed and raw tensors, versions, outputs, and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModelInferRequest__Output, ModelInferResponse } from '#contracts';
import { FacadeAnnotator } from '../facade-annotator.js';
import { lengthServices } from '../testing/length-services.js';
import { OpenInference } from './open-inference.js';
import { rawBytes, readRawBytes } from './tensor-bytes.js';

const services = lengthServices();
const protocol = new OpenInference(new FacadeAnnotator(services));
const caller = { requestId: '', signal: new AbortController().signal };

type Input = ModelInferRequest__Output['inputs'][number];
type Overrides = Omit<Partial<ModelInferRequest__Output>, 'inputs' | 'outputs'> & {
  readonly inputs?: readonly Partial<Input>[];
  readonly outputs?: readonly Partial<ModelInferRequest__Output['outputs'][number]>[];
};

const NO_CONTENTS = {
  boolContents: [],
  intContents: [],
  int64Contents: [],
  uintContents: [],
  uint64Contents: [],
  fp32Contents: [],
  fp64Contents: [],
  bytesContents: [],
};

function tensor(name: string, texts: readonly string[], shape = [String(texts.length)]): Input {
  const bytesContents = texts.map((text) => Buffer.from(text));
  return { name, datatype: 'BYTES', shape, parameters: {}, contents: { ...NO_CONTENTS, bytesContents } };
}

const pair = (...responses: string[]): Input[] => [
  tensor(
    'prompt',
    responses.map(() => 'p'),
  ),
  tensor('response', responses),
];

/** The same request with its data as tritonclient sends it. */
function raw(inputs: readonly Input[]): Pick<ModelInferRequest__Output, 'inputs' | 'rawInputContents'> {
  return {
    inputs: inputs.map((input) => ({ ...input, contents: null })),
    rawInputContents: inputs.map(({ contents }) => rawBytes(contents?.bytesContents ?? [])),
  };
}

function infer({ inputs = pair('abc'), outputs = [], ...rest }: Overrides = {}): Promise<ModelInferResponse> {
  const request = {
    modelName: 'length',
    modelVersion: '',
    id: '',
    parameters: {},
    rawInputContents: [],
    ...rest,
    inputs: inputs.map((input) => ({ ...tensor('', []), ...input })),
    outputs: outputs.map((output) => ({ name: '', parameters: {}, ...output })),
  };
  return protocol.infer(request, caller);
}

const named = (...names: string[]) => names.map((name) => ({ name }));
const param = (value: string) => ({ parameterChoice: 'stringParam' as const, stringParam: value });

describe('ModelInfer', () => {
  it('answers typed tensors with typed scores and their provenance', async () => {
    const reply = await infer({ inputs: pair('abc', 'a'), id: 'mine' });
    assert.deepEqual([reply.modelName, reply.modelVersion, reply.id], ['length', '3', 'mine']);
    assert.deepEqual(reply.outputs, [
      { name: 'score', datatype: 'FP64', shape: [2], contents: { fp64Contents: [3, 1] } },
    ]);
    assert.deepEqual(reply.parameters?.['epoch'], { int64Param: 3 });
    assert.deepEqual(reply.parameters?.['backend'], { stringParam: 'length' });
    assert.deepEqual(
      ['queue_us', 'tokenize_us', 'compute_us'].map((name) => reply.parameters?.[name]?.int64Param),
      [1500, 250, 2000],
      'where the time went',
    );
    assert.equal(reply.rawOutputContents, undefined);
  });

  it('answers raw tensors raw, in either precision', async () => {
    const reply = await infer(raw(pair('abc', 'äö')));
    const [bytes] = reply.rawOutputContents as Buffer[];
    assert.deepEqual([bytes!.readDoubleLE(0), bytes!.readDoubleLE(8), bytes!.length], [3, 2, 16]);
    assert.equal(reply.outputs?.[0]?.contents, undefined);
    const single = await infer({ ...raw(pair('abc')), parameters: { score_datatype: param('FP32') } });
    assert.equal(single.outputs?.[0]?.datatype, 'FP32');
    assert.equal((single.rawOutputContents as Buffer[])[0]!.readFloatLE(0), 3);
  });

  it('keeps the shape of batches and columns', async () => {
    for (const shape of [
      ['2', '1'],
      ['1', '2'],
    ]) {
      const inputs = pair('abc', 'a').map((input) => ({ ...input, shape }));
      assert.deepEqual((await infer({ inputs })).outputs?.[0]?.shape, shape.map(Number));
    }
    assert.deepEqual((await infer({ inputs: pair() })).outputs?.[0]?.shape, [0]);
  });

  it('reads conversations, and texts that are rendered chats', async () => {
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
    ];
    const rendered = '<|user|>\nhi<|end|>\n<|assistant|>\nhello<|end|>\n';
    for (const input of [tensor('conversation', [JSON.stringify(messages)]), tensor('text', [rendered])]) {
      const { outputs } = await infer({ inputs: [input] });
      assert.deepEqual(outputs?.[0]?.contents, { fp64Contents: [5] });
      assert.deepEqual(services.calls.at(-1)?.items[0]?.prompt, {
        kind: 'conversation',
        messages: messages.slice(0, 1),
      });
    }
    const inputs = [tensor('text', ['no chat'])];
    await assert.rejects(infer({ inputs }), { code: 'ITEMS_REFUSED', message: /text\[0\]: RESPONSE_UNSPLIT/ });
    assert.ok(await infer({ inputs, parameters: { unsplit: param('whole') } }));
    await assert.rejects(infer({ inputs: [tensor('conversation', ['{}'])] }), { code: 'ITEMS_REFUSED' });
  });

  it('says that a response was cut off where the caller does', async () => {
    await infer({ parameters: { truncated: { parameterChoice: 'boolParam', boolParam: true } } });
    assert.equal(services.calls.at(-1)?.items[0]?.responses[0]?.truncated, true);
  });

  it('fails whole when a score is missing, unless its caller asks which are there', async () => {
    const inputs = pair('abc', 'timeout', '', 'ab');
    await assert.rejects(infer({ inputs }), {
      code: 'ITEMS_REFUSED',
      message: /response\[1\]: REWARD_BACKEND_TIMEOUT[\s\S]*response\[2\]: RESPONSE_EMPTY/,
    });
    await assert.rejects(infer({ inputs: inputs.map((one) => ({ ...one })), outputs: named('score', 'status') }));
    const outputs = named('score', 'index', 'status');
    const { outputs: typed } = await infer({ inputs, outputs });
    assert.deepEqual(
      typed?.map(({ name, datatype, shape }) => [name, datatype, shape]),
      [
        ['score', 'FP64', [2]],
        ['index', 'INT64', [2]],
        ['status', 'BYTES', [4]],
      ],
    );
    assert.deepEqual(typed?.[0]?.contents?.fp64Contents, [3, 2]);
    assert.deepEqual(typed?.[1]?.contents?.int64Contents, [0, 3]);
    const { rawOutputContents } = await infer({ ...raw(inputs), outputs });
    const [, index, status] = rawOutputContents as Buffer[];
    assert.deepEqual([index!.readBigInt64LE(0), index!.readBigInt64LE(8)], [0n, 3n]);
    const codes = readRawBytes(status!, 4, 'status').map((text) => text.toString().split(':')[0]);
    assert.deepEqual(codes, ['OK', 'REWARD_BACKEND_TIMEOUT', 'RESPONSE_EMPTY', 'OK']);
  });

  it('takes a version for an epoch', async () => {
    assert.equal((await infer({ modelVersion: '3' })).modelVersion, '3');
    await assert.rejects(infer({ modelVersion: '2' }), { code: 'REWARD_EPOCH_MISMATCH' });
    await assert.rejects(infer({ modelVersion: 'latest' }), { code: 'TENSORS_INVALID' });
    await assert.rejects(infer({ modelName: 'nobody' }), { code: 'REWARD_MODEL_UNKNOWN' });
  });

  it('refuses tensors and parameters that are not those described, by name', async () => {
    const [prompt, response] = pair('abc') as [Input, Input];
    const shared = { parameters: { shared_memory_region: param('r') } };
    const cases: Overrides[] = [
      { inputs: [] },
      { inputs: [prompt] },
      { inputs: [prompt, response, tensor('text', ['t'])] },
      { inputs: [prompt, response, response] },
      { inputs: [prompt, tensor('response', ['a', 'b'])] },
      { inputs: [prompt, { ...response, datatype: 'FP32' }] },
      { inputs: [prompt, { ...response, shape: ['2'] }] },
      { inputs: [prompt, { ...response, shape: ['-1'] }] },
      { inputs: [prompt, { ...response, shape: ['1', '1', '1'] }] },
      { inputs: [prompt, { ...response, ...shared }] },
      { inputs: [prompt, { ...response, contents: null }] },
      { ...raw([prompt, response]), rawInputContents: [rawBytes([Buffer.from('p')])] },
      { inputs: [prompt, response], rawInputContents: raw([prompt, response]).rawInputContents },
      { ...raw([prompt, response]), rawInputContents: [rawBytes([Buffer.from('p')]), Buffer.from([9, 0, 0, 0, 65])] },
      { ...raw([prompt, response]), rawInputContents: [rawBytes([Buffer.from('p')]), Buffer.from([1, 0])] },
      { ...raw([prompt, response]), rawInputContents: [rawBytes([Buffer.from([0xff])]), rawBytes([Buffer.from('r')])] },
      { outputs: named('logits') },
      { outputs: [{ name: 'score', ...shared }] },
      {
        outputs: [
          { name: 'score', parameters: { classification: { parameterChoice: 'int64Param', int64Param: '1' } } },
        ],
      },
      { parameters: { sequence_id: { parameterChoice: 'int64Param', int64Param: '7' } } },
      { parameters: { score_datatype: param('INT8') } },
      { parameters: { truncated: param('yes') } },
    ];
    for (const [index, overrides] of cases.entries()) {
      await assert.rejects(infer(overrides), { code: 'TENSORS_INVALID' }, `case ${index}`);
    }
  });
});

describe('metadata', () => {
  it('describes tensors, and properties that tell one model from another', () => {
    const { properties, ...rest } = protocol.modelMetadata({ name: 'length', version: '' });
    assert.deepEqual(rest, {
      name: 'length',
      versions: ['3'],
      platform: 'metaapo_length',
      inputs: [
        { name: 'prompt', datatype: 'BYTES', shape: [-1] },
        { name: 'response', datatype: 'BYTES', shape: [-1] },
      ],
      outputs: [{ name: 'score', datatype: 'FP64', shape: [-1] }],
    });
    assert.deepEqual([properties?.['epoch'], properties?.['dtype']], ['3', 'float64']);
  });

  it('is ready for what is there', () => {
    const ready = [
      ['length', ''],
      ['length', '3'],
      ['length', '2'],
      ['nobody', ''],
    ].map(([name = '', version = '']) => protocol.isReady({ name, version }));
    assert.deepEqual(ready, [true, true, false, false]);
  });
});

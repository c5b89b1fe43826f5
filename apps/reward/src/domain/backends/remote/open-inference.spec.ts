/** @file A foreign gRPC server of the Open Inference Protocol: tensors both ways, versions, and what it may do wrong. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { contract } from '#contracts';
import { messageOf, opened, requestOf, summary } from '../../../testing/judges.js';
import type { OipSpec } from './remote-spec.js';

interface Metadata {
  name?: string;
  versions?: string[];
  platform?: string;
  inputs?: { name: string; datatype: string; shape: (string | number)[] }[];
  outputs?: { name: string; datatype: string; shape: (string | number)[] }[];
}

interface InferRequest {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string;
  readonly inputs: { name: string; datatype: string; shape: string[]; contents: { bytesContents: Buffer[] } }[];
}

type Infer = (request: InferRequest, number: number) => object | grpc.ServiceError;

const SERVICE = contract()['inference.GRPCInferenceService'] as grpc.ServiceDefinition;
const TEXTS = ['prompt', 'response'].map((name) => ({ name, datatype: 'BYTES', shape: ['-1'] }));
const METADATA: Metadata = {
  name: 'rm',
  versions: ['1'],
  platform: 'test',
  inputs: TEXTS,
  outputs: [{ name: 'score', datatype: 'FP32', shape: ['-1'] }],
};

async function serverOf(infer: Infer, metadata: Metadata = METADATA) {
  const asked: InferRequest[] = [];
  const state = { metadata, isReady: () => true };
  const server = new grpc.Server();
  const unary =
    (answer: (request: InferRequest) => object): grpc.handleUnaryCall<InferRequest, object> =>
    (call, callback) => {
      const reply = answer(call.request);
      if (reply instanceof Error) callback(reply as unknown as grpc.ServiceError);
      else callback(null, reply);
    };
  server.addService(SERVICE, {
    modelMetadata: unary(() => state.metadata),
    modelReady: unary(() => ({ ready: state.isReady() })),
    modelInfer: unary((request) => {
      asked.push(request);
      return infer(request, asked.length);
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const close = (): void => server.forceShutdown();
  after(close);
  const spec = { backend: 'remote', protocol: 'oip', address: `127.0.0.1:${port}`, model: 'rm', attempts: 2 } as const;
  const open = (fields: Partial<OipSpec> = {}) => opened({ ...spec, ...fields } as OipSpec);
  return { asked, state, open, close };
}

const failure = (code: grpc.status, details: string) => Object.assign(new Error(details), { code, details });
const textsOf = ({ inputs }: InferRequest, name: string): string[] =>
  inputs.find((input) => input.name === name)!.contents.bytesContents.map((bytes) => bytes.toString());
const lengths = (request: InferRequest): number[] => textsOf(request, 'response').map((text) => text.length);
const scores = (values: readonly number[], fields = {}): object => ({
  modelName: 'rm',
  modelVersion: '1',
  outputs: [{ name: 'score', datatype: 'FP32', shape: [values.length], contents: { fp32Contents: values } }],
  ...fields,
});
const requests = ['a', 'bb', 'ccc'].map((text, index) => requestOf(text, { idempotencyKey: `r/i/${index}` }));
const invalid = 'REWARD_REMOTE_REPLY_INVALID';

describe('an inference server', () => {
  it('gets prompts and responses as BYTES and gives a number for each', async () => {
    const { asked, open } = await serverOf((request) => scores(lengths(request)));
    const { score, backend, started } = await open();
    assert.deepEqual(summary(await score(requests)), [1, 2, 3]);
    assert.deepEqual(
      asked[0]!.inputs.map(({ name, datatype, shape }) => [name, datatype, shape]),
      [
        ['prompt', 'BYTES', ['3']],
        ['response', 'BYTES', ['3']],
      ],
    );
    assert.deepEqual(textsOf(asked[0]!, 'prompt')[0], 'What is 2 + 2?');
    assert.deepEqual(started, [0, 1, 2]);
    const { kind, executionProvider, dtype } = backend.describe();
    assert.deepEqual([kind, executionProvider, dtype], ['remote', 'grpc', 'float32']);
  });

  it('may answer in raw bytes, in doubles, for a batch axis, under other names, with several labels', async () => {
    const metadata = {
      ...METADATA,
      inputs: [
        { name: 'question', datatype: 'BYTES', shape: ['-1', '1'] },
        { name: 'answer', datatype: 'BYTES', shape: ['-1', '1'] },
      ],
      outputs: [{ name: 'logits', datatype: 'FP64', shape: ['-1', '2'] }],
    };
    const { asked, open } = await serverOf((request) => {
      const values = textsOf(request, 'answer').flatMap((text) => [-1, text.length / 8]);
      const raw = Buffer.alloc(8 * values.length);
      values.forEach((value, index) => raw.writeDoubleLE(value, 8 * index));
      return {
        modelName: 'rm',
        outputs: [{ name: 'logits', datatype: 'FP64', shape: [3, 2] }],
        rawOutputContents: [raw],
      };
    }, metadata);
    const { score, backend } = await open({
      prompt_input: 'question',
      response_input: 'answer',
      output: 'logits',
      label: 1,
    });
    assert.deepEqual(summary(await score(requests)), [0.125, 0.25, 0.375]);
    assert.deepEqual([asked[0]!.inputs[0]!.shape, backend.describe().dtype], [['3', '1'], 'float64']);
  });

  it('may answer in half precision and in whole numbers, which its metadata and provenance name', async () => {
    for (const [datatype, dtype, contents, raw] of [
      ['FP16', 'float16', undefined, Buffer.from([0x00, 0x3c, 0x00, 0xc1, 0x01, 0x00])],
      ['BF16', 'bfloat16', undefined, Buffer.from([0x80, 0x3f, 0x20, 0xc0, 0x80, 0x33])],
      ['INT64', 'int64', { int64Contents: ['1', '-3', '9007199254740991'] }, undefined],
      ['UINT8', 'uint8', { uintContents: [1, 2, 255] }, undefined],
    ] as const) {
      const metadata = { ...METADATA, outputs: [{ name: 'score', datatype, shape: ['-1'] }] };
      const { open } = await serverOf(
        () => ({
          modelName: 'rm',
          outputs: [{ name: 'score', datatype, shape: [3], contents }],
          rawOutputContents: raw ? [raw] : [],
        }),
        metadata,
      );
      const { score, backend } = await open();
      const expected = {
        FP16: [1, -2.5, 2 ** -24],
        BF16: [1, -2.5, 2 ** -24],
        INT64: [1, -3, 2 ** 53 - 1],
        UINT8: [1, 2, 255],
      };
      assert.deepEqual(summary(await score(requests)), expected[datatype]);
      assert.equal(backend.describe().dtype, dtype);
    }
  });

  it('that gives NaN gives no score, which the annotator says', async () => {
    const { open } = await serverOf((request) => scores(lengths(request).map(() => NaN)));
    assert.deepEqual(summary(await (await open()).score(requests.slice(0, 1))), [NaN]);
  });

  it('with other tensors, without the model or without the protocol is refused at the start', async () => {
    const refused = (message: RegExp) => ({ code: 'REWARD_MODEL_BROKEN', message });
    const infer = (): object => scores([]);
    const strange = await serverOf(infer, { ...METADATA, inputs: [{ name: 'ids', datatype: 'INT64', shape: ['-1'] }] });
    await assert.rejects(strange.open(), refused(/inputs prompt, response as BYTES.*ids INT64\[-1\]/));
    const whole = await serverOf(infer, {
      ...METADATA,
      outputs: [{ name: 'label', datatype: 'BYTES', shape: ['-1'] }],
    });
    await assert.rejects(whole.open(), refused(/output score as numbers.*, it has label BYTES/));
    strange.close();
    const unreachable =
      /^(?!.*Resolution note).*REWARD_REMOTE_UNREACHABLE.*grpc:\/\/127.*its address\. Correct its settings/;
    await assert.rejects(strange.open(), refused(unreachable));
  });

  it('whose reply has too few numbers, another output or bytes that do not fit gives no score', async () => {
    const replies: [object, RegExp][] = [
      [scores([1, 2]), /expected 3 scores, one per response, got 2/],
      [scores([1, 2, 3, 4, 5, 6]), /choice among 2/],
      [scores([1, 2, 3], { outputs: [{ name: 'x', datatype: 'FP32', shape: [3] }] }), /output score, got x/],
      [scores([1, 2, 3], { rawOutputContents: [Buffer.alloc(11)] }), /11 bytes/],
      [scores([1, 2, 3], { outputs: [{ name: 'score', datatype: 'BYTES', shape: [3] }] }), /as score.*got BYTES/],
      [
        scores([1, 2], {
          outputs: [{ name: 'score', datatype: 'FP32', shape: [3], contents: { fp32Contents: [1, 2] } }],
        }),
        /shape \[3\] of score/,
      ],
    ];
    const { open } = await serverOf((_, number) => replies[number - 1]![0]);
    const { score } = await open();
    for (const [, message] of replies) {
      const outcomes = await score(requests);
      assert.deepEqual(summary(outcomes), [invalid, invalid, invalid]);
      assert.match(messageOf(outcomes[0]), message);
    }
  });

  it('that is full or fails is asked again; that refuses a batch is asked for each alone', async () => {
    const { open, asked } = await serverOf((request, number) => {
      if (number === 1) return failure(grpc.status.RESOURCE_EXHAUSTED, 'queue is full');
      if (lengths(request).includes(2)) return failure(grpc.status.INVALID_ARGUMENT, 'too long');
      return scores(lengths(request));
    });
    const outcomes = await (await open()).score(requests);
    assert.deepEqual(summary(outcomes), [1, 'REWARD_REMOTE_REFUSED', 3]);
    assert.match(messageOf(outcomes[1]), /INVALID_ARGUMENT with "too long"/);
    assert.equal(asked.length, 5);
    const full = await serverOf(() => failure(grpc.status.RESOURCE_EXHAUSTED, 'queue is full'));
    assert.deepEqual(summary(await (await full.open()).score([requestOf('a')])), ['REWARD_REMOTE_OVERLOADED']);
  });

  it('whose model is not ready is asked until it is, and then who it is; otherwise that is the reason', async () => {
    const { open, asked, state } = await serverOf(() =>
      failure(grpc.status.INVALID_ARGUMENT, 'Model rm is not ready yet.'),
    );
    const { score, clock } = await open({ attempts: 3 });
    let asks = 0;
    state.isReady = () => (asks += 1) > 2;
    state.metadata = { ...METADATA, versions: ['2'] };
    assert.deepEqual(summary(await score(requests)), Array(3).fill('REWARD_REMOTE_CHANGED'));
    assert.deepEqual([asked.length, clock.jumps.length], [1, 2], 'not response by response');
    state.isReady = () => false;
    const unready = { code: 'REWARD_MODEL_BROKEN', message: /REWARD_REMOTE_NOT_READY.*model rm to be ready/ };
    await assert.rejects(open(), unready);
  });

  it('that answers with another version than before is not believed', async () => {
    const { open } = await serverOf((request, number) => scores(lengths(request), { modelVersion: String(number) }));
    const { score } = await open();
    assert.deepEqual(summary(await score([requestOf('a')])), [1]);
    const outcomes = await score([requestOf('a')]);
    assert.deepEqual(summary(outcomes), ['REWARD_REMOTE_CHANGED']);
    assert.match(messageOf(outcomes[0]), /expected version 1 to answer.*got version 2/);
  });

  it('has a digest of what its metadata says, and is asked for it again', async () => {
    const { open, state } = await serverOf((request) => scores(lengths(request)));
    const { backend, score, clock } = await open();
    state.metadata = { ...METADATA, versions: ['2'] };
    assert.notEqual((await open()).backend.describe().weightsDigest, backend.describe().weightsDigest);
    assert.equal((await open({ version: '1' })).backend.describe().kind, 'remote');
    clock.advance(60_000);
    assert.deepEqual(summary(await score([requestOf('a')])), ['REWARD_REMOTE_CHANGED']);
  });
});

/** @file Other people's reward servers over HTTP: what is sent, what is read, and what names the model. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lmFolder } from '../../../testing/classifier-folders.js';
import { opened, requestOf, summary } from '../../../testing/judges.js';
import { scriptedServer, type Asked } from '../../../testing/scripted-server.js';
import type { RemoteSpec } from './remote-spec.js';

const folder = await lmFolder();
const texts = ['a', 'bb', 'ccc'];
const requests = texts.map((text, index) => requestOf(text, { idempotencyKey: `r/i/${index}` }));
const chat = { messages: [{ role: 'user', content: 'Hi' }], text: 'Hi' };

describe('OpenRLHF', () => {
  const server = scriptedServer(({ body }) => {
    const { query } = body as { query: string[] };
    const rewards = query.map((text) => text.length);
    return { json: { rewards, scores: rewards, extra_logs: { dummy_scores: rewards } } };
  });
  const specOf = async (fields = {}): Promise<RemoteSpec> =>
    ({
      backend: 'remote',
      protocol: 'openrlhf',
      url: `${(await server).url}/get_reward`,
      template: folder,
      ...fields,
    }) as RemoteSpec;

  it('gets rendered texts in batches, as its trainer sends them', async () => {
    const { score, started, backend } = await opened(await specOf({ batch_size: 2, concurrency: 1 }));
    const prompt = '<|bos|><|user|>What is 2 + 2?<|end|><|assistant|>';
    const outcomes = await score(requests);
    assert.deepEqual(
      summary(outcomes),
      texts.map((text) => prompt.length + text.length + '<|end|>'.length),
    );
    const { asked } = await server;
    assert.deepEqual(asked[0]!.body, {
      query: [`${prompt}a<|end|>`, `${prompt}bb<|end|>`],
      prompts: [prompt, prompt],
      labels: [null, null],
    });
    assert.deepEqual([asked[0]!.path, asked.length], ['/get_reward', 2]);
    assert.match(String(asked[0]!.headers['idempotency-key']), /^sha256/);
    assert.equal(asked[1]!.headers['idempotency-key'], 'r/i/2');
    assert.deepEqual(new Set(started), new Set([0, 1, 2]));
    const { kind, mayBill, executionProvider, templateDigest } = backend.describe();
    assert.deepEqual([kind, mayBill, executionProvider, typeof templateDigest], ['remote', true, 'http', 'string']);
  });

  it('may get the bare texts one behind the other', async () => {
    const { score } = await opened(await specOf({ template: 'concatenate' }));
    await score([requestOf(' four.')]);
    assert.deepEqual((await server).asked.at(-1)!.body, {
      query: ['What is 2 + 2? four.'],
      prompts: ['What is 2 + 2?'],
      labels: [null],
    });
  });

  it('has a digest of address, revision and template, and bounds and billing as they are declared', async () => {
    const digests: string[] = [];
    for (const fields of [
      {},
      { revision: '2' },
      { model: 'm' },
      { template: 'concatenate' },
      { url: 'http://127.0.0.1:9/get_reward' },
    ]) {
      digests.push((await opened(await specOf(fields))).backend.describe().weightsDigest);
    }
    assert.equal(new Set(digests).size, digests.length);
    const declared = await opened(
      await specOf({ bills: false, score_min: -1, score_max: 1, attempts: 1, concurrency: 2 }),
    );
    const { mayBill, scoreMin, scoreMax, weightsDigest } = declared.backend.describe();
    assert.deepEqual([mayBill, scoreMin, scoreMax, weightsDigest], [false, -1, 1, digests[0]]);
  });
});

describe('slime', () => {
  it('gets one response at a time, the prompt as text, as turns or rendered', async () => {
    const server = await scriptedServer(({ body }) => ({
      text: String((body as { response: string }).response.length),
    }));
    const spec = { backend: 'remote', protocol: 'slime', url: server.url } as const;
    const { score } = await opened(spec);
    assert.deepEqual(summary(await score([requestOf('bb'), requestOf('a', { prompt: chat })])), [2, 1]);
    assert.deepEqual(
      new Set(server.asked.map(({ body }) => JSON.stringify(body))),
      new Set([
        '{"prompt":"What is 2 + 2?","response":"bb","label":null}',
        '{"prompt":[{"role":"user","content":"Hi"}],"response":"a","label":null}',
      ]),
    );
    await (await opened({ ...spec, template: folder })).score([requestOf('a', { prompt: chat })]);
    assert.equal((server.asked.at(-1)!.body as { prompt: string }).prompt, '<|bos|><|user|>Hi<|end|><|assistant|>');
  });

  it('may answer an object whose member is named', async () => {
    const server = await scriptedServer(() => ({ json: { score: 0.5, format: 1 } }));
    const spec = { backend: 'remote', protocol: 'slime', url: server.url } as const;
    assert.deepEqual(summary(await (await opened({ ...spec, score_key: 'score' })).score([requestOf('a')])), [0.5]);
    const bare = await (await opened(spec)).score([requestOf('a')]);
    assert.deepEqual(summary(bare), ['REWARD_REMOTE_REPLY_INVALID']);
  });
});

describe('vLLM', () => {
  const models = { object: 'list', data: [{ id: 'rm', root: 'org/reward-8b', created: 1 }] };
  const lengthOf = (body: unknown): number[] => {
    const { input, messages } = body as { input?: string[]; messages?: { content: string }[] };
    return (input ?? [messages!.at(-1)!.content]).map((text) => text.length);
  };
  const serverOf = (classify: (asked: Asked) => unknown) =>
    scriptedServer((asked) => ({ json: asked.method === 'GET' ? models : classify(asked) }));
  const reply = (asked: Asked) => ({
    model: 'rm',
    data: lengthOf(asked.body).map((length, index) => ({ index, label: 'LABEL_0', probs: [length], num_classes: 1 })),
  });

  it('renders chats itself, without a generation prompt, and gives raw logits', async () => {
    const server = await serverOf(reply);
    const { score } = await opened({
      backend: 'remote',
      protocol: 'vllm',
      url: `${server.url}/`,
      model: 'rm',
      concurrency: 1,
    });
    assert.deepEqual(summary(await score(requests)), [1, 2, 3]);
    assert.deepEqual(
      server.asked.map(({ path }) => path),
      ['/v1/models', '/classify', '/classify', '/classify'],
    );
    assert.deepEqual(server.asked[1]!.body, {
      model: 'rm',
      messages: [
        { role: 'user', content: 'What is 2 + 2?' },
        { role: 'assistant', content: 'a' },
      ],
      add_generation_prompt: false,
      add_special_tokens: false,
      use_activation: false,
    });
  });

  it('gets texts that are rendered here in batches, no start token added', async () => {
    const server = await serverOf((asked) => ({ ...reply(asked), data: reply(asked).data.toReversed() }));
    const spec = { backend: 'remote', protocol: 'vllm', url: server.url, model: 'rm', template: folder } as const;
    const { score } = await opened({ ...spec, activation: 'server' });
    const whole = (text: string) => `<|bos|><|user|>What is 2 + 2?<|end|><|assistant|>${text}<|end|>`;
    assert.deepEqual(
      summary(await score(requests)),
      texts.map((text) => whole(text).length),
      'by index, not by place',
    );
    assert.deepEqual(server.asked[1]!.body, { model: 'rm', input: texts.map(whole), add_special_tokens: false });
  });

  it('needs a choice among several labels', async () => {
    const server = await serverOf(() => ({ model: 'rm', data: [{ index: 0, probs: [-1, 2] }] }));
    const spec = { backend: 'remote', protocol: 'vllm', url: server.url, model: 'rm' } as const;
    assert.deepEqual(summary(await (await opened({ ...spec, label: 1 })).score([requestOf('a')])), [2]);
    for (const label of [undefined, 2]) {
      const outcomes = await (await opened({ ...spec, label })).score([requestOf('a')]);
      assert.deepEqual(summary(outcomes), ['REWARD_REMOTE_REPLY_INVALID']);
    }
  });

  it('has a digest of what the server says that it serves', async () => {
    const digest = async (root: string, fields = {}) => {
      const server = await scriptedServer(() => ({ json: { data: [{ id: 'rm', root, created: Math.random() }] } }));
      const spec = { backend: 'remote', protocol: 'vllm', url: 'http://127.0.0.1:9', model: 'rm', ...fields } as const;
      return (await opened({ ...spec, url: server.url })).backend.describe();
    };
    const [a, b] = [await digest('org/a'), await digest('org/b')];
    assert.notEqual(a.weightsDigest, b.weightsDigest);
    await assert.rejects(digest('org/a', { model: 'other' }), {
      code: 'REWARD_MODEL_BROKEN',
      message: /other, it serves rm/,
    });
  });
});

/** @file The façades of a real service process: HTTP on a port of its own, the Open Inference Protocol beside `RewardService`. */
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { createRpcClient } from '#platform/rpc';
import { ChildService } from '../../../../test/support/child-service.js';
import { moduleFile } from '../testing/reward-modules.js';
import { FREE_PORTS } from '../testing/reward-server.js';
import { errorOf, type FacadeReply } from './testing/facade-client.js';

/** Worth the length of a response; prints what it is asked and what aborts it. */
const TALKATIVE_MODULE = `
  export async function score({ response }, { signal }) {
    console.error('asked ' + response);
    if (response !== 'hang') return response.length;
    return new Promise((_, reject) => signal.addEventListener('abort', () => {
      console.error('aborted ' + response);
      reject(signal.reason);
    }));
  }`;

const child = new ChildService(new URL('../main.js', import.meta.url), {
  ...FREE_PORTS,
  REWARD_HTTP_ADDRESS: '127.0.0.1:0',
  REWARD_HTTP_MODEL: 'talkative',
  REWARD_MODELS: JSON.stringify({
    afinn: { backend: 'afinn' },
    talkative: { backend: 'module', path: moduleFile(TALKATIVE_MODULE), threads: 2 },
  }),
  REWARD_CLIENT_BATCH_SIZE_MAX: '3',
});
after(() => child.kill());
const said = createInterface(child.process.stderr);
const ready = await child.event('ready');
const http = `http://${ready['http_address']}`;

/** Resolves when the service's log has the text. */
function heard(text: string): Promise<void> {
  const found = Promise.withResolvers<void>();
  const listen = (said_: string): void => {
    if (!said_.includes(text)) return;
    said.off('line', listen);
    found.resolve();
  };
  said.on('line', listen);
  return found.promise;
}

interface Sending {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

async function post(path: string, body: unknown, init: Sending = {}): Promise<FacadeReply> {
  const headers = { 'content-type': 'application/json', ...init.headers };
  const reply = await fetch(http + path, { method: 'POST', ...init, headers, body: JSON.stringify(body) });
  return { status: reply.status, headers: reply.headers, body: await reply.json() };
}

const sample = (response: string) => ({ prompt: 'p', response, label: null });

describe('HTTP', () => {
  it('answers each façade from the same models', async () => {
    const rlhf = await post('/models/afinn/get_reward', { query: ['Q: a good day'], prompts: ['Q: '], labels: [''] });
    assert.deepEqual((rlhf.body as { rewards: number[] }).rewards, [3]);
    assert.equal(rlhf.headers.get('metaapo-reward-model'), 'afinn');
    assert.equal((await post('/rm', sample('abc'))).body, 3);
    const classified = await post('/classify', { model: 'afinn', input: 'a bad day' });
    assert.deepEqual((classified.body as { data: { probs: number[] }[] }).data[0]?.probs, [-3]);
    const health = await fetch(`${http}/health`);
    assert.deepEqual([health.status, await health.json()], [200, { status: 'serving' }]);
  });

  it('aborts the work for a client that leaves, unless the request has an id', async () => {
    for (const headers of [{}, { 'idempotency-key': 'goes on' }]) {
      const left = new AbortController();
      const asked = heard('asked hang');
      const request = post('/rm', sample('hang'), { signal: left.signal, headers });
      await asked;
      const aborted = heard('aborted hang');
      left.abort();
      await assert.rejects(request, { name: 'AbortError' });
      if (Object.keys(headers).length === 0) await aborted;
    }
    const other = await post('/rm', sample('another'), { headers: { 'idempotency-key': 'goes on' } });
    assert.deepEqual(errorOf(other), [400, 'REQUEST_INVALID'], 'the id stands for the request that is under way');
  });

  it('holds to the limits of the service', async () => {
    const query = ['q', 'q', 'q', 'q'].map((prompt) => `${prompt}x`);
    const reply = await post('/get_reward', { query, prompts: ['q', 'q', 'q', 'q'], labels: [] });
    assert.deepEqual(errorOf(reply), [413, 'CLIENT_BATCH_TOO_LARGE']);
  });
});

describe('the Open Inference Protocol', () => {
  const client = createRpcClient('inference.GRPCInferenceService', ready['address']!);
  after(() => client.close());
  const tensor = (name: string, ...texts: string[]) => ({
    name,
    datatype: 'BYTES',
    shape: [texts.length],
    contents: { bytesContents: texts.map((text) => Buffer.from(text)) },
  });

  it('answers on the main port', async () => {
    const [live, serving] = [await client.serverLive({}), await client.serverReady({})];
    const models = [await client.modelReady({ name: 'afinn' }), await client.modelReady({ name: 'nobody' })];
    assert.deepEqual([live.live, serving.ready, ...models.map((one) => one.ready)], [true, true, true, false]);
    assert.equal((await client.serverMetadata({})).name, 'metaapo-reward');
    const inputs = [tensor('prompt', 'p', 'p'), tensor('response', 'a good day', 'a bad day')];
    const reply = await client.modelInfer({ modelName: 'afinn', inputs });
    assert.deepEqual(reply.outputs[0]?.contents?.fp64Contents, [3, -3]);
    assert.equal(reply.modelVersion, reply.parameters['epoch']?.int64Param);
  });

  it('fails with the reasons of the service', async () => {
    const inputs = [tensor('prompt', 'p'), tensor('response', '')];
    await assert.rejects(client.modelInfer({ modelName: 'afinn', inputs }), {
      code: 'ITEMS_REFUSED',
      status: 'INVALID_ARGUMENT',
      message: /response\[0\]: RESPONSE_EMPTY/,
    });
    await assert.rejects(client.modelMetadata({ name: 'nobody' }), { code: 'REWARD_MODEL_UNKNOWN' });
  });
});

describe('a promotion', () => {
  const admin = createRpcClient('metaapo.reward.v1.RewardAdminService', ready['admin_address']!);
  const client = createRpcClient('inference.GRPCInferenceService', ready['address']!);
  after(() => {
    admin.close();
    client.close();
  });

  it('reaches every façade, and those that pin an epoch stay with it while it is warm', async () => {
    const path = '/models/afinn/rm';
    const before = await post(path, sample('a good day'));
    await admin.stageRewardModel({ rewardModel: 'afinn', specJson: '{"backend":"length","unit":"characters"}' });
    await admin.promoteRewardModel({ rewardModel: 'afinn', expectedEpoch: 1 });
    const [now, pinned] = [await post(path, sample('a good day')), await post(`${path}?epoch=1`, sample('a good day'))];
    assert.deepEqual(
      [before, now, pinned].map(({ body, headers }) => [body, headers.get('metaapo-reward-epoch')]),
      [
        [3, '1'],
        [10, '2'],
        [3, '1'],
      ],
    );
    assert.equal(pinned.headers.get('metaapo-reward-digest'), before.headers.get('metaapo-reward-digest'));
    assert.notEqual(now.headers.get('metaapo-reward-digest'), before.headers.get('metaapo-reward-digest'));
    const versions = await Promise.all(['', '1'].map((version) => client.modelMetadata({ name: 'afinn', version })));
    assert.deepEqual(
      versions.map((one) => [one.versions, one.platform]),
      [
        [['2'], 'metaapo_length'],
        [['1'], 'metaapo_afinn'],
      ],
    );
    await admin.retireRewardModel({ rewardModel: 'afinn', epoch: 1 });
    assert.deepEqual(errorOf(await post(`${path}?epoch=1`, sample('x'))), [409, 'REWARD_EPOCH_MISMATCH']);
  });
});

describe('the end', () => {
  it('comes after the answers, with code 0', async () => {
    assert.equal((await post('/rm', sample('last'))).body, 4);
    child.process.kill('SIGTERM');
    assert.equal(await child.ended(), 0);
  });
});

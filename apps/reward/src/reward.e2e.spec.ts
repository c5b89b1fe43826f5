/** @file The reward service over gRPC, in this process and as a process of its own. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import type { AnnotateResponse__Output } from '#contracts/reward';
import { createRpcClient } from '#platform/rpc';
import { ChildService } from '../../../test/support/child-service.js';
import { MOODY_MODULE, moduleFile } from './testing/reward-modules.js';
import { FREE_PORTS, rewardServer } from './testing/reward-server.js';

const slowGate = `${moduleFile('')}.open`;
/** Waits until the gate is open; then a response is worth the number of responses that were asked for. */
const SLOW_MODULE = `
  import { existsSync } from 'node:fs';
  let count = 0;
  export async function score() {
    const score = ++count;
    while (!existsSync(${JSON.stringify(slowGate)})) await new Promise((resolve) => setTimeout(resolve, 5));
    return score;
  }`;

const models = JSON.stringify({
  vader: { backend: 'vader' },
  afinn: { backend: 'afinn' },
  moody: { backend: 'module', path: moduleFile(MOODY_MODULE) },
  slow: { backend: 'module', path: moduleFile(SLOW_MODULE) },
});

const { address, reward } = await rewardServer({ REWARD_MODELS: models, REWARD_BACKEND_TIMEOUT_MS: '1000' });

const textItem = (itemId: string, ...texts: readonly string[]) => ({
  itemId,
  prompt: { text: 'How was it?' },
  responses: texts.map((text) => ({ text })),
});

const summary = ({ items }: AnnotateResponse__Output): unknown[] =>
  items.map(({ annotations }) => annotations.map(({ status, score }) => status?.reason || score));

describe('Annotate', () => {
  it('answers scores, components, provenance and timing', async () => {
    const items = [textItem('a', 'It was great!', 'It was awful.'), textItem('b', 'Fine.')];
    const answer = await reward.annotate({ requestId: 'r1', rewardModel: 'vader', items });
    assert.deepEqual(summary(answer), [[0.6588, -0.4588], [0.2023]]);
    const [annotation] = answer.items[0]!.annotations;
    assert.deepEqual(Object.keys(annotation!.components), ['positive', 'neutral', 'negative']);
    const { weightsDigest, serviceVersion, ...provenance } = answer.provenance!;
    assert.match(weightsDigest, /^sha256:[0-9a-f]{64}$/);
    assert.match(serviceVersion, /^\d+\.\d+\.\d+/);
    assert.deepEqual(provenance, {
      rewardModel: 'vader',
      epoch: '1',
      tokenizerDigest: '',
      templateDigest: '',
      backend: 'vader',
      executionProvider: 'javascript',
      dtype: 'float64',
      truncation: '',
    });
    assert.ok(answer.timing?.total && answer.timing.compute);
  });

  it('gives the same answer to the same request', async () => {
    const request = { rewardModel: 'afinn', epoch: 1, items: [textItem('a', 'a good day', 'a bad day')] };
    const [first, second] = [await reward.annotate(request), await reward.annotate(request)];
    assert.deepEqual(second.items, first.items);
    assert.deepEqual(second.provenance, first.provenance);
  });

  it('answers a module that throws, gives NaN or never answers with statuses, and its other responses with scores', async () => {
    const items = [textItem('a', 'xx', 'throw', 'hang', 'nan'), textItem('b', 'xxx')];
    const answer = await reward.annotate({ rewardModel: 'moody', items });
    const codes = ['REWARD_BACKEND_FAILED', 'REWARD_BACKEND_TIMEOUT', 'REWARD_NOT_FINITE'];
    assert.deepEqual(summary(answer), [[2, ...codes], [3]]);
    const failed = answer.items[0]!.annotations[1]!;
    assert.match(failed.status!.message, /no reward today/);
    assert.equal('score' in failed, false, 'a failure has no score, not even 0');
  });

  it('reads chats, refuses token ids, and names empty responses', async () => {
    const messages = [{ role: 'user', content: 'hi' }];
    const answer = await reward.annotate({
      rewardModel: 'moody',
      items: [
        { itemId: 'chat', prompt: { conversation: { messages } }, responses: [{ text: 'prompt', truncated: true }] },
        { itemId: 'ids', prompt: { tokenIds: { ids: [1] } }, responses: [{ text: 'x' }] },
        {
          itemId: 'mixed',
          prompt: { text: 'p' },
          responses: [{ tokenIds: { ids: [1] } }, { text: '' }, {}, { text: 'x' }],
        },
      ],
    });
    assert.deepEqual(answer.items[0]!.annotations[0]!.components, { chars: 2, cut: 1 });
    assert.equal(answer.items[1]!.status!.reason, 'TOKEN_IDS_UNSUPPORTED');
    assert.deepEqual(summary(answer)[2], ['TOKEN_IDS_UNSUPPORTED', 'RESPONSE_EMPTY', 'RESPONSE_EMPTY', 1]);
  });

  it('refuses an unknown model, a pinned epoch that differs, and a request without items', async () => {
    const items = [textItem('a', 'x')];
    for (const [request, code, status] of [
      [{ rewardModel: 'nobody', items }, 'REWARD_MODEL_UNKNOWN', 'NOT_FOUND'],
      [{ rewardModel: 'vader', epoch: 7, items }, 'REWARD_EPOCH_MISMATCH', 'FAILED_PRECONDITION'],
      [{ rewardModel: 'vader', items: [] }, 'REQUEST_INVALID', 'INVALID_ARGUMENT'],
    ] as const) {
      await assert.rejects(reward.annotate({ ...request, items: [...request.items] }), { code, status });
    }
  });

  it('pays once for a request that is repeated after its caller left, and refuses its id for anything else', async () => {
    const request = { requestId: 'paid once', rewardModel: 'slow', items: [textItem('a', 'x', 'xx', 'xxx')] };
    await assert.rejects(reward.annotate(request, { timeoutMs: 50 }), { status: 'DEADLINE_EXCEEDED' });
    const joined = reward.annotate(request);
    writeFileSync(slowGate, '');
    assert.deepEqual(summary(await joined), [[1, 2, 3]], 'each response the count of what was scored');
    assert.deepEqual(summary(await reward.annotate(request)), [[1, 2, 3]]);
    await assert.rejects(reward.annotate({ ...request, items: [textItem('a', 'y')] }), {
      code: 'REQUEST_INVALID',
      status: 'INVALID_ARGUMENT',
    });
  });

  it('stops working for a caller whose deadline has passed', async () => {
    const items = [textItem('a', 'hang until aborted')];
    await assert.rejects(reward.annotate({ rewardModel: 'moody', items }, { timeoutMs: 50 }), {
      status: 'DEADLINE_EXCEEDED',
    });
    assert.deepEqual(summary(await reward.annotate({ rewardModel: 'moody', items: [textItem('b', 'x')] })), [[1]]);
  });
});

describe('GetRewardModel and ListRewardModels', () => {
  it('describe the models in service, with bounds only where there are any', async () => {
    const { rewardModel: vader } = await reward.getRewardModel({ rewardModel: 'vader' });
    assert.deepEqual([vader?.state, vader?.scoreMin, vader?.scoreMax], ['REWARD_MODEL_STATE_PROMOTED', -1, 1]);
    const { rewardModel: afinn } = await reward.getRewardModel({ rewardModel: 'afinn' });
    assert.deepEqual([afinn?.scoreMin, afinn?.scoreMax], [undefined, undefined]);
    await assert.rejects(reward.getRewardModel({ rewardModel: 'x' }), { code: 'REWARD_MODEL_UNKNOWN' });
  });

  it('list in pages, sorted by name', async () => {
    const first = await reward.listRewardModels({ pageSize: 3 });
    const second = await reward.listRewardModels({ pageSize: 3, pageToken: first.nextPageToken });
    const names = [first, second].map(({ rewardModels }) => rewardModels.map(({ rewardModel }) => rewardModel));
    assert.deepEqual([names, second.nextPageToken], [[['afinn', 'moody', 'slow'], ['vader']], '']);
    await assert.rejects(reward.listRewardModels({ pageToken: 'x' }), { code: 'PAGE_TOKEN_INVALID' });
  });
});

describe('RewardAdminService', () => {
  it('is not to be reached on the main port', async () => {
    const wrongPort = createRpcClient('metaapo.reward.v1.RewardAdminService', address);
    await assert.rejects(wrongPort.stageRewardModel({}), { status: 'UNIMPLEMENTED', code: 'UNIMPLEMENTED' });
    wrongPort.close();
  });
});

describe('the process', () => {
  function start(env: Readonly<Record<string, string>>): ChildService {
    const child = new ChildService(new URL('./main.js', import.meta.url), { ...FREE_PORTS, ...env });
    after(() => child.kill());
    return child;
  }

  it('prints one ready line, answers, and ends with code 0 on SIGTERM', async () => {
    const child = start({ REWARD_MODELS: models });
    const ready = await child.event('ready');
    assert.equal(ready['service'], 'reward');
    assert.equal(ready['lifecycle_state'], 'memory');
    assert.match(child.stderr, /in memory only and end with the process: REWARD_STATE_PATH keeps them/);
    const client = createRpcClient('metaapo.reward.v1.RewardService', ready['address']!);
    const answer = await client.annotate({ rewardModel: 'moody', items: [textItem('a', 'x')] });
    assert.deepEqual(summary(answer), [[1]]);
    client.close();
    child.process.kill('SIGTERM');
    assert.equal(await child.ended(), 0);
    assert.deepEqual(child.events, [ready]);
  });

  it('refuses to start with a broken module, naming it', async () => {
    const broken = JSON.stringify({ mine: { backend: 'module', path: moduleFile('export const nothing = 1;') } });
    const child = start({ REWARD_MODELS: broken });
    assert.equal(await child.ended(), 1);
    assert.match(child.stderr, /REWARD_MODEL_BROKEN: Reward model "mine".*exports no function "score"/);
  });
});

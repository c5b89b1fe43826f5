/**
 * @file One reward service behind another: the backends that ask other people's servers, against this service's own façades,
 * which answer as those servers do. The scores are those of the model at the far end, whichever protocol they came by.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { systemClock } from '#core';
import { createRpcClient } from '#platform/rpc';
import { ChildService } from '../../../test/support/child-service.js';
import type { RemoteSpec } from './domain/backends/remote/remote-spec.js';
import { messageOf, opened, requestOf, summary } from './testing/judges.js';
import { FREE_PORTS } from './testing/reward-server.js';

const child = new ChildService(new URL('./main.js', import.meta.url), {
  ...FREE_PORTS,
  REWARD_HTTP_ADDRESS: '127.0.0.1:0',
  REWARD_HTTP_MODEL: 'afinn',
  REWARD_MODELS: '{"afinn":{"backend":"afinn"},"vader":{"backend":"vader"}}',
});
after(() => child.kill());
const ready = await child.event('ready');
const http = `http://${ready['http_address']}`;

const remote = { backend: 'remote', attempts: 2, score_min: -10, score_max: 10 } as const;
const SPECS: readonly RemoteSpec[] = [
  { ...remote, protocol: 'openrlhf', url: `${http}/get_reward`, template: 'concatenate' },
  { ...remote, protocol: 'vllm', url: http, model: 'afinn' },
  { ...remote, protocol: 'slime', url: `${http}/rm` },
  { ...remote, protocol: 'oip', address: ready['address']!, model: 'afinn' },
];

const context = { clock: systemClock, timeoutMs: 60_000, loadTimeoutMs: 60_000 };
const plain = { messages: [], text: 'How was it? ' };
const chat = { messages: [{ role: 'user', content: 'How was it?' }], text: 'How was it?' };

describe('a reward service behind another', () => {
  for (const spec of SPECS) {
    it(`by ${spec.protocol} gives the scores of the model at the far end`, async () => {
      const { score, backend } = await opened(spec, context);
      const requests = ['a good day', 'a bad day', 'a day'].map((text, index) =>
        requestOf(text, { prompt: plain, idempotencyKey: `${spec.protocol}/i/${index}` }),
      );
      assert.deepEqual(summary(await score(requests)), [3, -3, 0]);
      assert.equal(backend.describe().kind, 'remote');
    });
  }

  it('reads chats turn by turn where the protocol has turns', async () => {
    for (const spec of SPECS.slice(1)) {
      const { score } = await opened(spec, context);
      assert.deepEqual(summary(await score([requestOf('a good day', { prompt: chat })])), [3], spec.protocol);
    }
  });

  it('names a model that the far end does not have', async () => {
    const oip = SPECS.at(-1) as RemoteSpec & { protocol: 'oip' };
    await assert.rejects(opened({ ...oip, model: 'nobody' }, context), {
      code: 'REWARD_MODEL_BROKEN',
      message: /nobody/,
    });
    const nowhere = { ...remote, protocol: 'slime', url: `${http}/models/nobody/rm` } as const;
    const outcomes = await (await opened(nowhere, context)).score([requestOf('a good day')]);
    assert.deepEqual(summary(outcomes), ['REWARD_REMOTE_REFUSED']);
    assert.match(messageOf(outcomes[0]), /status 404.*nobody/);
  });

  it('hears of a promotion at the far end within a minute, and gives no score of another model', async () => {
    const far = SPECS.filter(({ protocol }) => protocol === 'vllm' || protocol === 'oip');
    const near = await Promise.all(far.map((spec) => opened(spec)));
    const before = near.map(({ backend }) => backend.describe().weightsDigest);
    for (const { score } of near) assert.deepEqual(summary(await score([requestOf('a good day')])), [3]);

    const admin = createRpcClient('metaapo.reward.v1.RewardAdminService', ready['admin_address']!);
    after(() => admin.close());
    await admin.stageRewardModel({ rewardModel: 'afinn', specJson: '{"backend":"vader"}' });
    await admin.promoteRewardModel({ rewardModel: 'afinn', expectedEpoch: 1 });

    for (const { score, clock } of near) {
      clock.advance(60_000);
      assert.deepEqual(summary(await score([requestOf('a good day')])), ['REWARD_REMOTE_CHANGED']);
    }
    const loadedAnew = await Promise.all(far.map((spec) => opened(spec)));
    const behind = loadedAnew.map(({ backend }) => backend.describe().weightsDigest);
    assert.equal(new Set([...before, ...behind]).size, 4);
    for (const { score } of loadedAnew) assert.deepEqual(summary(await score([requestOf('a good day')])), [0.4404]);
  });
});

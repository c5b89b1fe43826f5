/**
 * Goal: to callers of the HTTP façades a swap is as little as to those of `RewardService`: no request fails, and every reply is
 * wholly one model's, headers and body. Method: the small model's scores are above 2, the large one's below 1, so each score
 * tells who gave it.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTinyLmClassifier } from '#ml/reward-models';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import { ChildService } from '../support/child-service.js';
import { FacadeCallers } from '../support/facade-callers.js';

const PROGRAM = new URL('../../apps/reward/src/main.js', import.meta.url);
const NAME = 'judge';
const CALLERS = 16;
const CYCLES = 6;
/** Requests that each epoch answers before the next swap. */
const CALLS_PER_EPOCH = CALLERS / 2;
const RESPONSES = ['Lovely, all of it.', 'Dreadful, sadly.'];
const CONTEXT_TOKENS = 128;

describe('a swap under load over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-swap-http-'));
  let service: ChildService;
  let address: string;
  let admin: RpcClient<'metaapo.reward.v1.RewardAdminService'>;

  before(async () => {
    await writeTinyLmClassifier(folder, { config: { max_position_embeddings: CONTEXT_TOKENS } });
    service = new ChildService(PROGRAM, {
      REWARD_ADDRESS: '127.0.0.1:0',
      REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
      REWARD_HTTP_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: JSON.stringify({ [NAME]: { backend: 'length', unit: 'characters' } }),
    });
    const ready = await service.event('ready');
    address = ready.http_address ?? '';
    admin = createRpcClient('metaapo.reward.v1.RewardAdminService', ready.admin_address ?? '');
  });
  after(() => {
    admin.close();
    service.kill();
    rmSync(folder, { recursive: true });
  });

  it('fails no request, and header and body of every reply tell of one model', async () => {
    const specJson = JSON.stringify({ backend: 'lm-classifier', path: folder, activation: 'sigmoid' });
    const callers = new FacadeCallers({ address, rewardModel: NAME, callerCount: CALLERS, responses: RESPONSES });
    const digests = new Map<string, string>();
    let epoch = '1';
    try {
      await admin.stageRewardModel({ rewardModel: NAME, specJson });
      for (let cycle = 0; cycle < CYCLES; cycle += 1) {
        await callers.answeredBy(epoch, CALLS_PER_EPOCH);
        // Rolled back from, the large model is warm: to roll back once more brings it into service again.
        const swap = cycle === 0 ? admin.promoteRewardModel : admin.rollbackRewardModel;
        for (const change of [swap, admin.rollbackRewardModel]) {
          const { rewardModel } = await change({ rewardModel: NAME, expectedEpoch: epoch });
          const { epoch: next = '', weightsDigest = '' } = rewardModel?.provenance ?? {};
          digests.set(next, weightsDigest);
          epoch = next;
          await callers.answeredBy(epoch, CALLS_PER_EPOCH);
        }
      }
    } finally {
      await callers.stop();
    }

    equal(digests.size, 2 * CYCLES, 'every swap begins an epoch');
    const [largeDigest, smallDigest] = digests.values();
    digests.set('1', smallDigest ?? '');
    const failures = callers.calls.flatMap(({ failure }) => failure ?? []);
    deepEqual(failures, []);
    for (const { epoch: told, weightsDigest, scores } of callers.calls) {
      equal(weightsDigest, digests.get(told), `the model of epoch ${told}`);
      equal(scores.length, RESPONSES.length);
      const isLarge = weightsDigest === largeDigest;
      const areItsOwn = scores.every((score) => (isLarge ? score > 0 && score < 1 : score > 2));
      ok(areItsOwn, `${isLarge ? 'large' : 'small'} gave ${scores.join()}`);
    }
  });
});

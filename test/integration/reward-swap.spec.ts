/**
 * Goal: while 32 callers ask without a pause, 20 promotions and 20 rollbacks fail no call, and no reply says that another
 * model gave its scores than the one that did. The small model's scores are above 2, the large one's below 1, so each score
 * tells who gave it.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTinyLmClassifier } from '#ml/reward-models';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import { ChildService } from '../support/child-service.js';
import { RewardCallers } from '../support/reward-callers.js';

const PROGRAM = new URL('../../apps/reward/src/main.js', import.meta.url);
const NAME = 'judge';
const CALLERS = 32;
const CYCLES = 20;
/** The large model is loaded in so many cycles once: to load it takes longer than to swap it. */
const CYCLES_PER_LOAD = 10;
/** Calls that each epoch answers before the next swap. */
const CALLS_PER_EPOCH = CALLERS / 4;
const RESPONSES = ['Lovely, all of it.', 'Dreadful, sadly.'];
const CONTEXT_TOKENS = 128;

describe('a swap under load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-swap-'));
  let service: ChildService;
  let reward: RpcClient<'metaapo.reward.v1.RewardService'>;
  let admin: RpcClient<'metaapo.reward.v1.RewardAdminService'>;

  before(async () => {
    const config = { max_position_embeddings: CONTEXT_TOKENS };
    await writeTinyLmClassifier(folder, { config });
    service = new ChildService(PROGRAM, {
      REWARD_ADDRESS: '127.0.0.1:0',
      REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: JSON.stringify({ [NAME]: { backend: 'length', unit: 'characters' } }),
    });
    const { address = '', admin_address = '' } = await service.event('ready');
    reward = createRpcClient('metaapo.reward.v1.RewardService', address);
    admin = createRpcClient('metaapo.reward.v1.RewardAdminService', admin_address);
  });
  after(() => {
    reward.close();
    admin.close();
    service.kill();
    rmSync(folder, { recursive: true });
  });

  it('fails no call, and every score is told with the model that gave it', async () => {
    const specJson = JSON.stringify({ backend: 'lm-classifier', path: folder, activation: 'sigmoid' });
    const digests = new Map<string, string>();
    const note = (model: { readonly provenance: { epoch: string; weightsDigest: string } | null } | null): string => {
      const { epoch = '', weightsDigest = '' } = model?.provenance ?? {};
      digests.set(epoch, weightsDigest);
      return epoch;
    };
    const small = await reward.getRewardModel({ rewardModel: NAME });
    let expectedEpoch = note(small.rewardModel);
    const smallDigest = small.rewardModel?.provenance?.weightsDigest ?? '';

    const callers = new RewardCallers({
      client: reward,
      rewardModel: NAME,
      callerCount: CALLERS,
      responses: RESPONSES,
    });
    try {
      for (let cycle = 0; cycle < CYCLES; cycle += 1) {
        const isLoadedAnew = cycle % CYCLES_PER_LOAD === 0;
        if (isLoadedAnew) await admin.stageRewardModel({ rewardModel: NAME, specJson });
        await callers.answeredBy(expectedEpoch, CALLS_PER_EPOCH);
        // Rolled back from, the large model is still warm: to roll back once more brings it into service again.
        const there = isLoadedAnew
          ? await admin.promoteRewardModel({ rewardModel: NAME, expectedEpoch })
          : await admin.rollbackRewardModel({ rewardModel: NAME, expectedEpoch });
        const large = note(there.rewardModel);
        await callers.answeredBy(large, CALLS_PER_EPOCH);
        const back = await admin.rollbackRewardModel({ rewardModel: NAME, expectedEpoch: large });
        expectedEpoch = note(back.rewardModel);
      }
      await callers.answeredBy(expectedEpoch, CALLS_PER_EPOCH);
    } finally {
      await callers.stop();
    }

    equal(digests.size, 2 * CYCLES + 1, 'every swap begins an epoch');
    equal(new Set(digests.values()).size, 2, 'two models take turns');
    deepEqual(
      callers.calls.filter(({ failure }) => failure !== undefined).map(({ failure }) => failure),
      [],
    );
    for (const { epoch, weightsDigest, scores } of callers.calls) {
      equal(weightsDigest, digests.get(epoch), `the model of epoch ${epoch}`);
      equal(scores.length, RESPONSES.length);
      const isOfSmall = weightsDigest === smallDigest;
      ok(
        scores.every((score) => (isOfSmall ? score > 2 : score > 0 && score < 1)),
        `${isOfSmall ? 'small' : 'large'} gave ${scores.join()}`,
      );
    }
  });

  it('answers who insists on an epoch by that epoch, or not at all', async () => {
    const { versions } = await admin.listRewardModelVersions({ rewardModel: NAME });
    const epochs = versions.map(({ rewardModel }) => rewardModel?.provenance?.epoch ?? '');
    const items = [{ itemId: 'a', prompt: { text: 'How was it?' }, responses: [{ text: 'Lovely, all of it.' }] }];
    ok(epochs.length > 2, 'some are warm');
    for (const epoch of epochs) {
      const { provenance } = await reward.annotate({ rewardModel: NAME, epoch, items });
      equal(provenance?.epoch, epoch);
    }
    const [, warm = ''] = epochs;
    await admin.retireRewardModel({ rewardModel: NAME, epoch: warm });
    for (const epoch of [warm, '999']) {
      await rejects(reward.annotate({ rewardModel: NAME, epoch, items }), { code: 'REWARD_EPOCH_MISMATCH' });
    }
  });
});

/** @file The life of reward models over gRPC: under load, refused by name, and by a process that is killed. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createRpcClient } from '#platform/rpc';
import { ChildService } from '../../../test/support/child-service.js';
import { moduleFile } from './testing/reward-modules.js';
import { FREE_PORTS, rewardServer } from './testing/reward-server.js';
import { temporaryFolder } from './testing/temporary-folder.js';

/** A module whose scores lie between `from` and `from + 1`, so that each tells whose it is. */
const moduleAt = (from: number): string =>
  JSON.stringify({
    backend: 'module',
    path: moduleFile(`export const score = ({ response }) => ${from} + 1 / response.length;`),
  });
const models = { m: JSON.parse(moduleAt(1000)) as object, steady: { backend: 'length' } };

const { reward, admin } = await rewardServer({
  REWARD_MODELS: JSON.stringify(models),
  REWARD_SWAP_LIMITS: '{"pair_flip_max":0.2}',
});

const itemOf = (itemId: string, ...texts: readonly string[]) => ({
  itemId,
  prompt: { text: `prompt of ${itemId}` },
  responses: texts.map((text) => ({ text })),
});
const items = [itemOf('a', 'x', 'xx')];
const liveEpoch = async (rewardModel = 'm'): Promise<number> =>
  Number((await reward.getRewardModel({ rewardModel })).rewardModel?.provenance?.epoch);

describe('RewardAdminService', () => {
  it('stages, shadows, compares, promotes, rolls back and retires, and remembers it all', async () => {
    const rewardModel = 'steady';
    const staged = await admin.stageRewardModel({
      rewardModel,
      specJson: '{"backend":"length","target":2}',
      requester: 'ada',
      reason: 'short answers',
    });
    assert.equal(staged.rewardModel?.state, 'REWARD_MODEL_STATE_STAGED');
    assert.equal(staged.rewardModel?.provenance?.epoch, '0');
    const shadowing = await admin.startShadow({ rewardModel, trafficFraction: 1 });
    assert.equal(shadowing.rewardModel?.state, 'REWARD_MODEL_STATE_SHADOWING');
    await assert.rejects(admin.promoteRewardModel({ rewardModel, expectedEpoch: 1 }), { code: 'SWAP_REPORT_MISSING' });
    const sent = [itemOf('one', 'a', 'b c', 'd e f'), itemOf('chat', 'a b', 'c d e')];
    const { report } = await admin.getSwapReport({ rewardModel, items: sent, disagreementCountMax: 1 });
    assert.deepEqual([report?.liveEpoch, report?.itemCount, report?.pairCount], ['1', '2', '4']);
    assert.equal(report?.pairFlipFraction?.estimate, 2.5 / 4);
    assert.deepEqual(report?.breaches, [{ limit: 'pair_flip_max', allowed: 0.2, figure: 2.5 / 4, _figure: 'figure' }]);
    assert.equal(report?.disagreements.length, 1);
    assert.deepEqual(report?.disagreements[0]!.responses.map(({ text }) => text).length, 3);
    await assert.rejects(admin.promoteRewardModel({ rewardModel, expectedEpoch: 1 }), {
      code: 'SWAP_LIMITS_EXCEEDED',
      status: 'FAILED_PRECONDITION',
    });
    const promotion = { rewardModel, expectedEpoch: 1, force: true, reason: 'wanted', requester: 'ada' };
    const promoted = await admin.promoteRewardModel(promotion);
    assert.deepEqual(
      [promoted.rewardModel?.state, promoted.rewardModel?.provenance?.epoch],
      ['REWARD_MODEL_STATE_PROMOTED', '2'],
    );
    const warm = await reward.getRewardModel({ rewardModel, epoch: 1 });
    assert.equal(warm.rewardModel?.state, 'REWARD_MODEL_STATE_SUPERSEDED');
    await admin.rollbackRewardModel({ rewardModel, expectedEpoch: 2 });
    const retired = await admin.retireRewardModel({ rewardModel, target: 'epoch', epoch: 2 });
    assert.equal(retired.rewardModel?.state, 'REWARD_MODEL_STATE_RETIRED');

    const { versions, events, swapLimitsJson, stateDurable } = await admin.listRewardModelVersions({ rewardModel });
    assert.deepEqual(
      versions.map(({ rewardModel: model }) => model?.provenance?.epoch),
      ['3', '1'],
    );
    assert.deepEqual(
      events.map(({ kind, epoch }) => `${kind.replace('REWARD_MODEL_EVENT_KIND_', '')} ${epoch}`),
      ['CONFIGURED 1', 'STAGED 0', 'SHADOW_STARTED 0', 'PROMOTED 2', 'ROLLED_BACK 3', 'RETIRED 2'],
    );
    const [, stageEvent, , promoteEvent] = events;
    assert.deepEqual([stageEvent?.requester, stageEvent?.reason], ['ada', 'short answers']);
    assert.deepEqual([promoteEvent?.forced, promoteEvent?.report?.itemCount], [true, '2']);
    assert.deepEqual([swapLimitsJson, stateDurable], ['{"pair_flip_max":0.2}', false]);
  });

  it('refuses by name what cannot be, and live traffic goes on', async () => {
    const broken = JSON.stringify({ backend: 'module', path: moduleFile('export const nothing = 1;') });
    await assert.rejects(admin.stageRewardModel({ rewardModel: 'm', specJson: broken }), {
      code: 'REWARD_MODEL_BROKEN',
      status: 'FAILED_PRECONDITION',
    });
    await assert.rejects(admin.stageRewardModel({ rewardModel: 'm', specJson: '{}' }), { code: 'REQUEST_INVALID' });
    await assert.rejects(admin.stageRewardModel({ rewardModel: 'x', specJson: '{}' }), {
      code: 'REWARD_MODEL_UNKNOWN',
    });
    await assert.rejects(admin.promoteRewardModel({ rewardModel: 'm', expectedEpoch: 1 }), {
      code: 'REWARD_MODEL_NOT_STAGED',
    });
    await assert.rejects(admin.rollbackRewardModel({ rewardModel: 'm', expectedEpoch: 1 }), {
      code: 'ROLLBACK_UNAVAILABLE',
    });
    await assert.rejects(admin.retireRewardModel({ rewardModel: 'm' }), { code: 'REQUEST_INVALID' });
    await assert.rejects(admin.retireRewardModel({ rewardModel: 'm', target: 'epoch', epoch: 1 }), {
      code: 'REWARD_MODEL_IN_SERVICE',
    });
    await assert.rejects(admin.listRewardModelVersions({ rewardModel: 'm', eventCountMax: 1001 }), {
      code: 'REQUEST_INVALID',
    });
    const { provenance } = await reward.annotate({ rewardModel: 'm', items });
    assert.equal(provenance?.epoch, '1');
    const { events } = await admin.listRewardModelVersions({ rewardModel: 'm' });
    assert.equal(events.at(-1)?.kind, 'REWARD_MODEL_EVENT_KIND_STAGE_FAILED');
    assert.match(events.at(-1)!.reason, /exports no function "score"/);
  });

  it('swaps under callers without a failed call, and no score disagrees with its provenance', async () => {
    let isOver = false;
    const epochs = new Map<string, number>();
    const caller = async (): Promise<void> => {
      while (!isOver) {
        const { items: answers, provenance } = await reward.annotate({ rewardModel: 'm', items });
        for (const { score } of answers[0]!.annotations) {
          const range = Math.floor(score! / 1000);
          assert.equal(epochs.get(provenance!.epoch) ?? range, range, `epoch ${provenance!.epoch}`);
          epochs.set(provenance!.epoch, range);
        }
      }
    };
    const callers = Array.from({ length: 8 }, caller);
    for (let cycle = 0; cycle < 3; cycle++) {
      await admin.stageRewardModel({ rewardModel: 'm', specJson: moduleAt(2000) });
      const force = { force: true, reason: 'load' };
      await admin.promoteRewardModel({ rewardModel: 'm', expectedEpoch: await liveEpoch(), ...force });
      await reward.annotate({ rewardModel: 'm', items });
      await admin.rollbackRewardModel({ rewardModel: 'm', expectedEpoch: await liveEpoch() });
      await reward.annotate({ rewardModel: 'm', items });
    }
    isOver = true;
    await Promise.all(callers);
    assert.equal(await liveEpoch(), 7);
    for (const [epoch, range] of epochs) assert.equal(range, Number(epoch) % 2 === 1 ? 1 : 2, `epoch ${epoch}`);
  });
});

describe('a reward process that is killed', () => {
  const folder = temporaryFolder('lifecycle');

  async function started() {
    const child = new ChildService(new URL('./main.js', import.meta.url), {
      ...FREE_PORTS,
      REWARD_MODELS: JSON.stringify(models),
      REWARD_STATE_PATH: join(folder, 'state.json'),
    });
    after(() => child.kill());
    const { address, admin_address: adminAddress, lifecycle_state: state } = await child.event('ready');
    assert.equal(state, 'durable');
    const clients = {
      reward: createRpcClient('metaapo.reward.v1.RewardService', address!),
      admin: createRpcClient('metaapo.reward.v1.RewardAdminService', adminAddress!),
    };
    after(() => Object.values(clients).forEach((client) => client.close()));
    return { child, ...clients };
  }

  it('comes back with the epoch, the warm model and the staged one that it had', async () => {
    const first = await started();
    await first.admin.stageRewardModel({ rewardModel: 'm', specJson: moduleAt(2000) });
    const promotion = { rewardModel: 'm', expectedEpoch: 1, requestId: 'p' };
    const promoted = await first.admin.promoteRewardModel(promotion);
    await first.admin.stageRewardModel({ rewardModel: 'm', specJson: moduleAt(3000) });
    first.child.kill();
    await first.child.ended();

    const second = await started();
    assert.deepEqual(await second.admin.promoteRewardModel(promotion), promoted);
    const { versions, stateDurable } = await second.admin.listRewardModelVersions({ rewardModel: 'm' });
    assert.deepEqual(
      versions.map(({ rewardModel }) => rewardModel?.provenance?.epoch),
      ['2', '0', '1'],
    );
    assert.equal(stateDurable, true);
    for (const [epoch, range] of [
      ['1', 1],
      ['2', 2],
      ['0', 2],
    ] as const) {
      const { items: answers } = await second.reward.annotate({ rewardModel: 'm', epoch, items });
      assert.equal(Math.floor(answers[0]!.annotations[0]!.score! / 1000), range, `epoch ${epoch}`);
    }
  });
});

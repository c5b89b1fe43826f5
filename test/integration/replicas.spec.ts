/**
 * Goal: replicas of the policy may die, hang, come back and join while a run goes on; its bytes are those of one undisturbed
 * replica, and a replica that serves another model is refused by name. Method: real processes, killed and stopped by signals.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import { join } from 'node:path';
import { Services, type Replica, type Trainer } from '../support/services.js';
import { sharedFolder, skipWithout } from '../support/shared-folder.js';
import { TINY_MODEL, TinyProject, ended } from '../support/tiny-run.js';
import { HeldReward } from './held-reward.js';

/** A hung replica is noticed within a second or two. */
const ALERT = { TRAINER_DEAD_PEER_MS: '1500', TRAINER_UNIT_TIMEOUT_MS_MIN: '2000' };
const HELD = { 'reward: counting': 'reward: held' };

describe('policy replicas', { skip: skipWithout('golden') }, () => {
  const project = new TinyProject(8);
  const heldReward = new HeldReward(project.folder, project.rewardPath);
  let services: Services;
  let expected: Buffer;

  const over = async (replicas: readonly Replica[]): Promise<Trainer> =>
    await services.startTrainer({
      ...ALERT,
      TRAINER_POLICY_ADDRESSES: replicas.map(({ address }) => address).join(),
      TRAINER_POLICY_ADMIN_ADDRESSES: replicas.map(({ adminAddress }) => adminAddress).join(),
    });

  before(async () => {
    const rewardModels = { ...project.rewardModels, held: { backend: 'module', path: heldReward.path } };
    services = await Services.start({ modelPath: TINY_MODEL, rewardModels, policyReplicas: 4 });
    const run = await project.run(await over(services.replicas.slice(0, 1)), 'one');
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    expected = project.outputs('one').adapter;
  });

  after(() => {
    for (const { service } of services?.replicas ?? []) service.process.kill('SIGCONT');
    services?.stop();
  });

  it('give the same bytes when they are four, one of which dies and another hangs in the middle', async () => {
    const trainer = await over(services.replicas);
    const [dies, hangs] = services.replicas as [Replica, Replica];
    const runId = await project.start(trainer, 'four');
    for await (const { phaseProgress } of trainer.client.watchTrainingRun({ runId })) {
      if (phaseProgress?.phase !== 'generate') continue;
      dies.service.kill();
      hangs.service.process.kill('SIGSTOP');
    }
    const run = await ended(trainer, runId);
    hangs.service.process.kill('SIGCONT');
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    const { adapter, report } = project.outputs('four');
    deepEqual(adapter, expected);
    const { replicas = [] } = report;
    equal(replicas.length, 4);
    for (const { deltaMax } of replicas) equal(deltaMax ?? 0, 0);
    const lost = replicas.filter(({ state }) => state !== 'serving').map(({ address }) => address);
    deepEqual(lost.toSorted(), [dies.address, hangs.address].toSorted());
  });

  it('are used again when they come back: the run ends on one that was dead when the other one hung', async () => {
    const [dies, hangs] = services.replicas.slice(2) as [Replica, Replica];
    const trainer = await over([dies, hangs]);
    const { arrival } = heldReward.close();
    const runId = await project.start(trainer, 'two', HELD);
    await arrival;
    dies.service.kill();
    await dies.service.ended();
    await services.startPolicy(TINY_MODEL, dies);
    hangs.service.process.kill('SIGSTOP');
    heldReward.open();
    const run = await ended(trainer, runId);
    hangs.service.process.kill('SIGCONT');
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    deepEqual(project.outputs('two').adapter, expected);
  });

  it('refuse one that serves another model, by its address and by what differs', async () => {
    const other = await services.startPolicy(join(sharedFolder('golden'), 'models', 'qwen2'));
    const trainer = await over([services.replicas[3]!, other]);
    const run = await project.run(trainer, 'mixed');
    deepEqual([run.state, run.failure?.reason], ['RUN_STATE_FAILED', 'REPLICA_MISMATCH']);
    match(run.failure?.message ?? '', /base_digest sha256:/);
    match(run.failure?.message ?? '', new RegExp(`${other.address}|${services.replicas[3]!.address}`));
  });
});

/**
 * Goal: a run over real services gives the same bytes with one policy replica or two, at any concurrency, and after the
 * trainer was killed; and no annotation is paid for twice. Method: the four apps as child processes, a tiny Llama model,
 * a reward that writes down what it scored.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RemoteError } from '#platform/rpc';
import { readF32Tensors } from '#ml/tensor';
import { Services, type Trainer } from '../support/services.js';
import { skipWithout } from '../support/shared-folder.js';
import { TINY_MODEL, TinyProject, ended } from '../support/tiny-run.js';
import { HeldReward } from './held-reward.js';

describe('a run over real services', { skip: skipWithout('golden') }, () => {
  const project = new TinyProject();
  const heldReward = new HeldReward(project.folder, project.rewardPath);
  let services: Services;
  let trainer: Trainer;
  let expected: ReturnType<TinyProject['outputs']>;
  /** Every text that a run of this configuration pays for, sorted. */
  let scoredTexts: readonly string[];

  before(async () => {
    const rewardModels = { ...project.rewardModels, held: { backend: 'module', path: heldReward.path } };
    services = await Services.start({ modelPath: TINY_MODEL, rewardModels, policyReplicas: 2 });
    trainer = await services.startTrainer({
      TRAINER_POLICY_ADDRESSES: services.replicas[0]!.address,
      TRAINER_POLICY_ADMIN_ADDRESSES: services.replicas[0]!.adminAddress,
    });
    const run = await project.run(trainer, 'first', { 'concurrency: 2': 'concurrency: 1' });
    equal(run.failure?.message, undefined);
    equal(run.state, 'RUN_STATE_SUCCEEDED');
    expected = project.outputs('first');
    scoredTexts = project.takeScored().toSorted();
  });

  after(() => services?.stop());

  it('annotates less than everything, trains, and updates the meta-learner every period', () => {
    const { annotations, iterations, evaluations } = expected.report;
    ok(annotations.used > 0 && annotations.used < annotations.total, JSON.stringify(annotations));
    for (const { optimizerStepCount, metaUpdateCount } of iterations) {
      equal(metaUpdateCount, Math.floor(optimizerStepCount / 2));
    }
    ok(evaluations.every(({ judged }) => judged.length === 2));
  });

  it('pays for no text twice', () => {
    equal(new Set(scoredTexts).size, scoredTexts.length);
    const { used, evaluation } = expected.report.annotations;
    ok(used + evaluation >= scoredTexts.length);
  });

  it('leaves no absolute path in its directory', () => {
    for (const file of readdirSync(join(project.folder, 'first'), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(yaml|json|html)$/.test(file)) continue;
      ok(!readFileSync(join(project.folder, 'first', file), 'utf8').includes(project.folder), file);
    }
  });

  it('gives the same bytes with two replicas and at another concurrency', async () => {
    const both = await services.startTrainer();
    const run = await project.run(both, 'replicas', { 'concurrency: 2': 'concurrency: 5' });
    equal(run.state, 'RUN_STATE_SUCCEEDED');
    deepEqual(project.outputs('replicas').adapter, expected.adapter);
    deepEqual(project.outputs('replicas').ledger, expected.ledger);
  });

  it('depends on the size of units by rounding alone', async () => {
    equal(
      (await project.run(trainer, 'units', { 'gradient_items: 1': 'gradient_items: 2' })).state,
      'RUN_STATE_SUCCEEDED',
    );
    const read = (name: string) => readF32Tensors(join(project.folder, name, 'adapter', 'adapter_model.safetensors'));
    const [a, b] = [await read('first'), await read('units')];
    const worst = Math.max(
      ...[...a].map(([name, { data }]) => Math.max(...data.map((value, i) => Math.abs(value - b.get(name)!.data[i]!)))),
    );
    ok(worst < 1e-3, `worst difference ${worst}`);
  });

  it('is the same after the trainer was killed, and pays for nothing twice', async () => {
    for (const [index, phase] of ['annotate', 'train'].entries()) {
      const name = `killed-${phase}`;
      project.takeScored();
      const victim = await services.startTrainer();
      const runId = await project.start(victim, name);
      await rejects(killedAt(victim, { runId, phase, iteration: index }));
      const next = await services.startTrainer();
      equal(await project.start(next, name), runId);
      equal((await ended(next, runId)).state, 'RUN_STATE_SUCCEEDED');
      deepEqual(project.outputs(name).adapter, expected.adapter);
      deepEqual(project.outputs(name).ledger, expected.ledger);
      deepEqual(project.takeScored().toSorted(), scoredTexts);
    }
  });

  it(
    'pays for nothing twice when the trainer is killed while annotations are in flight',
    { timeout: 120_000 },
    async () => {
      const override = { 'reward: counting': 'reward: held' };
      project.takeScored();
      const victim = await services.startTrainer();
      const { arrival } = heldReward.close();
      const runId = await project.start(victim, 'in-flight', override);
      await arrival;
      victim.service.kill();
      await victim.service.ended();
      const next = await services.startTrainer();
      equal(await project.start(next, 'in-flight', override), runId);
      heldReward.open();
      equal((await ended(next, runId)).state, 'RUN_STATE_SUCCEEDED');
      deepEqual(project.outputs('in-flight').adapter, expected.adapter);
      deepEqual(project.takeScored().toSorted(), scoredTexts);
    },
  );

  it('holds its directory against other processes, and against another configuration', async () => {
    const other = await services.startTrainer();
    const runId = await project.start(trainer, 'held');
    await rejects(project.start(other, 'held'), (error: RemoteError) => error.code === 'RUN_DIRECTORY_BUSY');
    await trainer.client.cancelTrainingRun({ runId });
    equal((await ended(trainer, runId)).state, 'RUN_STATE_CANCELLED');
    await rejects(
      project.start(other, 'held', { 'seed: 5': 'seed: 6' }),
      (error: RemoteError) => error.code === 'RUN_CONFIG_CHANGED',
    );
  });

  it('tells every problem of a configuration at once', async () => {
    await rejects(
      project.start(trainer, 'bad', { 'seed: 5': 'seed: -1', 'samples_per_prompt: 3': 'samples_per_prompt: 0' }),
      (error: RemoteError) =>
        error.code === 'CONFIG_INVALID' && /seed/.test(error.message) && /samples_per_prompt/.test(error.message),
    );
    await rejects(
      project.start(trainer, 'bad', { 'pairs.jsonl': 'absent.jsonl' }),
      (error: RemoteError) => error.code === 'DATA_INVALID',
    );
  });

  it('fails by name when a service is away for too long, and goes on when it is back', async () => {
    const impatient = await services.startTrainer({
      TRAINER_REWARD_ADDRESSES: '127.0.0.1:9',
      TRAINER_RETRY_TIME_MS_MAX: '200',
    });
    const failed = await project.run(impatient, 'away');
    deepEqual([failed.state, failed.failure?.reason], ['RUN_STATE_FAILED', 'REWARD_UNAVAILABLE']);
    equal((await project.run(trainer, 'away')).state, 'RUN_STATE_SUCCEEDED');
    deepEqual(project.outputs('away').adapter, expected.adapter);
  });
});

/** Kills the trainer as soon as it tells of a unit of the phase. */
async function killedAt(
  { service, client }: Trainer,
  { runId, phase, iteration }: { readonly runId: string; readonly phase: string; readonly iteration: number },
): Promise<void> {
  for await (const { phaseProgress } of client.watchTrainingRun({ runId })) {
    if (phaseProgress?.phase === phase && phaseProgress.iteration === iteration) service.kill();
  }
}

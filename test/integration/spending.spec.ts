/**
 * Goal: over real services a run lands on its budget, and goes on to its end without its annotator, with no score made up.
 * Method: the apps as child processes and a tiny Llama model; the reward process is killed, or its backend fails, once the
 * first iteration's annotations are all there.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildService } from '../support/child-service.js';
import { Services, type Trainer } from '../support/services.js';
import { skipWithout } from '../support/shared-folder.js';
import { TINY_MODEL, TinyProject, ended } from '../support/tiny-run.js';

const ROWS = 12;
const SAMPLES = 3;
const REWARD = new URL('../../apps/reward/src/main.js', import.meta.url);

/** Scores as another module does, far from zero, until a file says that it is down. */
const FRAIL = (inner: string, down: string): string => `
import { existsSync } from 'node:fs';
import { score as inner } from ${JSON.stringify(inner)};
export function score(request) {
  if (existsSync(${JSON.stringify(down)})) throw new Error('down');
  return 1000 + inner(request);
}
`;

const EVERYTHING = { 'algorithm: { iterations': 'algorithm: { gate: { kind: all }, iterations' };
const and = (line: string) => ({ ...EVERYTHING, 'seed: 5': `seed: 5\n${line}` });

describe('money and patience over real services', { skip: skipWithout('golden') }, () => {
  const project = new TinyProject(ROWS);
  const down = join(project.folder, 'down');
  const frail = join(project.folder, 'frail.mjs');
  const rewardModels = { ...project.rewardModels, frail: { backend: 'module', path: frail } };
  const patient = { ...and('annotator_patience: 1s'), 'reward: counting': 'reward: frail' };
  let services: Services;
  let trainer: Trainer;

  before(async () => {
    writeFileSync(frail, FRAIL(project.rewardPath, down));
    services = await Services.start({ modelPath: TINY_MODEL, rewardModels });
    trainer = await services.startTrainer();
  });

  after(() => services?.stop());

  it('a budget of 37 % of the prompts is landed on within one prompt, and not exceeded by one annotation', async () => {
    const run = await project.run(trainer, 'budget', and('budget: { annotations: 37%, cost_per_annotation: 0.01 }'));
    equal(run.failure?.message, undefined);
    const { report, ledger } = project.outputs('budget');
    const limit = Math.floor(0.37 * ROWS * SAMPLES);
    const bought = (ledger as { purpose: string }[]).filter(({ purpose }) => purpose === 'training').length;
    equal(bought, report.annotations.used);
    ok(bought <= limit && bought > limit - SAMPLES, `${bought} of ${limit}`);
    equal(report.spending?.limit, limit);
    ok(report.spending.forecasts[0]!.annotationsUncapped > limit);
    equal(report.losses?.offlineCount, report.losses?.lostCount);
    equal(run.cost?.amount, bought * 0.01);
  });

  /** Waits until the first iteration trains: all its annotations are there, and the second one's are yet to come. */
  async function firstIterationTrains(runId: string): Promise<void> {
    for await (const { phaseStarted } of trainer.client.watchTrainingRun({ runId })) {
      if (phaseStarted?.phase === 'train' && phaseStarted.iteration === 0) return;
    }
  }

  function checkDegraded(name: string): void {
    const { report, ledger } = project.outputs(name);
    const [first, second] = report.iterations;
    equal(first?.offlineCount, 0);
    equal(second?.offlineCount, ROWS / 2);
    equal(second.annotationCount, 0);
    ok(second.optimizerStepCount > 0);
    deepEqual(report.losses?.reasons, [{ reason: 'ANNOTATOR_DOWN', rowCount: ROWS / 2 }]);
    deepEqual(
      report.gateEvents?.map(({ kind, reason }) => `${kind} ${reason}`),
      ['closed annotator'],
    );
    const scores = (ledger as { purpose: string; score: number }[]).filter(({ purpose }) => purpose === 'training');
    equal(scores.length, first?.annotationCount);
    ok(scores.every(({ score }) => score > 500));
  }

  it('a run whose annotator fails for the whole second iteration ends, and says what was lost', async () => {
    const runId = await project.start(trainer, 'frail', patient);
    await firstIterationTrains(runId);
    writeFileSync(down, '');
    const run = await ended(trainer, runId);
    equal(run.failure?.message, undefined);
    equal(run.state, 'RUN_STATE_SUCCEEDED');
    rmSync(down);
    checkDegraded('frail');
  });

  it('so does one whose reward process is gone, evaluation included', async () => {
    const reward = new ChildService(REWARD, {
      REWARD_ADDRESS: '127.0.0.1:0',
      REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: JSON.stringify(rewardModels),
    });
    try {
      const { address = '' } = await reward.event('ready');
      trainer = await services.startTrainer({ TRAINER_REWARD_ADDRESSES: address });
      const runId = await project.start(trainer, 'gone', patient);
      await firstIterationTrains(runId);
      reward.kill();
      const run = await ended(trainer, runId);
      equal(run.failure?.message, undefined);
      equal(run.state, 'RUN_STATE_SUCCEEDED');
      checkDegraded('gone');
      ok(existsSync(join(project.folder, 'gone', 'adapter', 'adapter_model.safetensors')));
    } finally {
      reward.kill();
    }
  });
});

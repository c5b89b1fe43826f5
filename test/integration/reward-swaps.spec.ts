/**
 * Goal: a reward model that is promoted while a run goes on means to the run what its policy says, and ledger, report and
 * explanations show it: one model per iteration, each score with its epoch, the same after the trainer was killed, with one
 * reward replica and with two. Method: real services; the swap is made while a training prompt is held in flight.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, notDeepEqual, ok, rejects } from 'node:assert/strict';
import type { PairExplanation__Output } from '#contracts/trainer';
import type { RemoteError } from '#platform/rpc';
import { summarize, type ReportData } from '#report';
import { Services, type Replica, type Trainer } from '../support/services.js';
import { skipWithout } from '../support/shared-folder.js';
import { TINY_MODEL, TinyProject, ended } from '../support/tiny-run.js';
import { BETWEEN_MODELS, HeldModel, swap } from './swapped-rewards.js';

const NAME = 'held';
const VADER = { backend: 'vader' };

describe('a reward model that is swapped while a run goes on', { skip: skipWithout('golden') }, () => {
  const project = new TinyProject(8);
  const first = new HeldModel(project.folder, 'first', { base: 0, sign: 1 });
  // It ranks the other way round.
  const next = new HeldModel(project.folder, 'next', { base: 2 * BETWEEN_MODELS, sign: -1 });
  const third = new HeldModel(project.folder, 'third', { base: 4 * BETWEEN_MODELS, sign: 1 });
  let services: Services;
  let undisturbed: Buffer;
  let followed: Buffer;

  const overrides = (policy: string) => ({ 'reward: counting': `reward: ${NAME}\nreward_swaps: ${policy}` });

  /** A trainer over so many reward replicas of its own, which serve the first model. */
  async function started(replicaCount: number): Promise<{ readonly trainer: Trainer; readonly replicas: Replica[] }> {
    const replicas: Replica[] = [];
    for (let count = 0; count < replicaCount; count++) {
      replicas.push(await services.startReward({ [NAME]: first.spec, vader: VADER }, {}));
    }
    return { replicas, trainer: await trainerOver(replicas) };
  }

  const trainerOver = async (replicas: readonly Replica[]): Promise<Trainer> =>
    await services.startTrainer({ TRAINER_REWARD_ADDRESSES: replicas.map(({ address }) => address).join() });

  /** Runs to the end; the second model is promoted while the first training prompt is annotated. */
  async function swapped(name: string, policy: string, replicaCount: number) {
    const { trainer, replicas } = await started(replicaCount);
    const { arrival } = first.close();
    const runId = await project.start(trainer, name, overrides(policy));
    await arrival;
    await swap(replicas, { name: NAME, model: next, epoch: 1 });
    first.open();
    const run = await ended(trainer, runId);
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    const outputs = project.outputs(name);
    return { ...outputs, runId, trainer, explained: await explained(trainer, { runId, report: outputs.report }) };
  }

  before(async () => {
    services = await Services.start({ modelPath: TINY_MODEL, rewardModels: { [NAME]: first.spec, vader: VADER } });
    const run = await project.run(await services.startTrainer(), 'undisturbed', overrides('pin'));
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    undisturbed = project.outputs('undisturbed').adapter;
  });

  after(() => services?.stop());

  it('means nothing to a pinned run, with two replicas as with one', async () => {
    const { adapter, ledger, report, explained: rows } = await swapped('pin', 'pin', 2);
    deepEqual(adapter, undisturbed);
    deepEqual(epochsIn(ledger), ['held 1', 'vader 1']);
    deepEqual(report.rewardModels?.swaps, []);
    checkRows(rows, report, () => 1);
  });

  it('is taken up by the next iteration of a run that follows', async () => {
    const { adapter, ledger, report, explained: rows, runId, trainer } = await swapped('follow', 'follow', 1);
    notDeepEqual(adapter, undisturbed);
    followed = adapter;
    deepEqual(epochsIn(ledger), ['held 1', 'held 2', 'vader 1']);
    deepEqual(
      report.rewardModels?.swaps.map(({ rewardModel, iteration, from, to }) => [
        rewardModel,
        iteration,
        from.epoch,
        to.epoch,
      ]),
      [[NAME, 1, 1, 2]],
    );
    equal(summarize(report).headline, undefined);
    checkRows(rows, report, ({ iteration }) => iteration + 1);
    for (const [request, code] of [
      [{ runId, itemId: 'no such row' }, 'ROW_UNKNOWN'],
      [{ runId: 'no such run', itemId: '1' }, 'RUN_UNKNOWN'],
      [{ itemId: '1' }, 'REQUEST_INVALID'],
      [{ runDirectory: project.folder, itemId: '1' }, 'DATABASE_DAMAGED'],
    ] as const) {
      await rejects(trainer.client.explainPair(request), (error: RemoteError) => error.code === code);
    }
  });

  it('judges earlier evaluations once more, two replicas, a killed trainer and a third model notwithstanding', async () => {
    const { trainer, replicas } = await started(2);
    const arrivals = first.close();
    const runId = await project.start(trainer, 'rescore', overrides('rescore'));
    await arrivals.arrival;
    await swap(replicas, { name: NAME, model: next, epoch: 1 });
    const { arrival } = next.close();
    first.open();
    await arrival;
    trainer.service.kill();
    await trainer.service.ended();
    await swap(replicas, { name: NAME, model: third, epoch: 2 });
    next.open();
    const successor = await trainerOver(replicas);
    equal(await project.start(successor, 'rescore', overrides('rescore')), runId);
    const run = await ended(successor, runId);
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    const { adapter, ledger, report } = project.outputs('rescore');
    deepEqual(adapter, followed, 'training is that of a run that follows: what was decided stays decided');
    deepEqual(epochsIn(ledger), ['held 1', 'held 2', 'vader 1']);
    for (const { judged } of report.evaluations) {
      const { epoch, scores = [] } = judged.find(({ judge }) => judge === NAME) ?? {};
      equal(epoch, 2);
      ok(scores.every((score) => score === null || score > BETWEEN_MODELS));
    }
    ok(report.rewardModels!.rescoredCount > 0);
    ok(summarize(report).headline);
    checkRows(await explained(successor, { runId, report }), report, ({ iteration }) => iteration + 1);
  });

  it('stops a pinned run by name when it is retired, which goes on by following: the next model has the rest', async () => {
    const { trainer, replicas } = await started(1);
    const { arrival } = first.close();
    // One prompt at a time: the second one comes when the model is gone.
    const single = { 'annotate_items: 2': 'annotate_items: 1', 'concurrency: 2': 'concurrency: 1' };
    const runId = await project.start(trainer, 'retired', { ...overrides('pin'), ...single });
    await arrival;
    await swap(replicas, { name: NAME, model: next, epoch: 1, retires: true });
    first.open();
    const stopped = await ended(trainer, runId);
    deepEqual([stopped.state, stopped.failure?.reason], ['RUN_STATE_FAILED', 'REWARD_EPOCH_GONE']);
    equal(stopped.iteration, 0);
    const run = await project.run(trainer, 'retired', { ...overrides('follow'), ...single });
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    const { report } = project.outputs('retired');
    const rows = await explained(trainer, { runId, report });
    checkRows(rows, report, ({ iteration, moved }) => (iteration === 0 && !moved ? 1 : 2));
    const paired = rows.filter(({ iteration, fate }) => iteration === 0 && fate === 'ROW_FATE_PAIRED');
    deepEqual(new Set(paired.map(({ moved }) => moved)), new Set([false, true]));
  });
});

/** What is told of every row. */
async function explained(
  { client }: Trainer,
  { runId, report }: { readonly runId: string; readonly report: ReportData },
): Promise<PairExplanation__Output[]> {
  const rows: PairExplanation__Output[] = [];
  for (const { itemId } of report.iterations.flatMap(({ gate }) => gate)) {
    const { explanation } = await client.explainPair({ runId, itemId });
    ok(explanation);
    rows.push(explanation);
  }
  return rows;
}

/** Each row's scores are all of the epoch that it was held to, in that model's range, and best against worst became the pair. */
function checkRows(
  rows: readonly PairExplanation__Output[],
  report: ReportData,
  epochOf: (row: PairExplanation__Output) => number,
): void {
  const paired = rows.filter(({ fate }) => fate === 'ROW_FATE_PAIRED');
  equal(
    paired.length,
    report.iterations.reduce((sum, { pairCount }) => sum + pairCount, 0),
  );
  ok(paired.length > 0);
  for (const row of paired) {
    const { samples, rewardModel, uses, offlinePair, gaps } = row;
    const scored = samples.filter((sample) => sample.score !== undefined);
    const scores = scored.map(({ score }) => score!);
    const epoch = String(epochOf(row));
    equal(rewardModel?.epoch, epoch);
    for (const { provenance, score } of scored) {
      deepEqual([provenance?.epoch, provenance?.weightsDigest], [epoch, rewardModel.weightsDigest]);
      equal(score! > BETWEEN_MODELS, epoch !== '1');
    }
    equal(samples.find(({ role }) => role === 'SAMPLE_ROLE_CHOSEN')?.score, Math.max(...scores));
    equal(samples.find(({ role }) => role === 'SAMPLE_ROLE_REJECTED')?.score, Math.min(...scores));
    ok(uses.some(({ phase }) => phase === 'train'));
    ok(offlinePair?.prompt);
    deepEqual(gaps, []);
  }
}

function epochsIn(ledger: readonly unknown[]): string[] {
  const names = (ledger as { readonly provenance: string }[]).map(({ provenance }) => {
    const { rewardModel, epoch } = JSON.parse(provenance) as { readonly rewardModel: string; readonly epoch: string };
    return `${rewardModel} ${epoch}`;
  });
  return [...new Set(names)].toSorted();
}

/**
 * Goal: a run lands on its budget and never exceeds it, whatever the concurrency and after any interruption; and it goes
 * on without an annotator, with no score made up. Method: whole runs over toy services; outages are told to the toy reward.
 */
import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { failed } from '../ports/outcomes.js';
import { ServiceUnavailableError } from '../ports/ports.errors.js';
import { runOutputs, type RunOutputs } from '../../../../../test/support/run-outputs.js';
import { temporaryFolder, toyRun, toyServices, type ToyServices } from '../../testing/toy-run.js';

const SAMPLES = 3;
const ALL = 24 * SAMPLES;

/** Of the ledger, what training bought. */
function outputs(folder: string): RunOutputs {
  const all = runOutputs(join(folder, 'run'));
  return { ...all, ledger: all.ledger.filter(({ purpose }) => purpose === 'training') };
}

/** Everything but what time tells. */
function told({ adapter, ledger, report }: RunOutputs): unknown {
  const { iterations, spending, gateEvents, losses, annotations } = report;
  return { adapter, ledger, iterations, spending, gateEvents, losses, annotations };
}

const EVERYTHING = ['algorithm.gate.kind=all', 'evaluation.examples=0'];

async function ran(overrides: readonly string[], services = toyServices()): Promise<RunOutputs> {
  const folder = temporaryFolder();
  const run = await toyRun({ folder, services, overrides: [...EVERYTHING, ...overrides] });
  equal(run.failure?.message, undefined);
  equal(run.state, 'succeeded');
  return outputs(folder);
}

describe('a budget of annotations', () => {
  it('is landed on within one prompt and never exceeded, at any concurrency', async () => {
    for (const limit of [0, 10, 37]) {
      const [one, many] = [
        await ran([`budget.annotations=${limit}`, 'units.concurrency=1']),
        await ran([`budget.annotations=${limit}`, 'units.concurrency=8']),
      ];
      const { used } = one.report.annotations;
      ok(used <= limit && used > limit - SAMPLES, `${used} of ${limit}`);
      equal(one.ledger.length, used);
      deepEqual(told(many), told(one));
    }
  });

  it('takes shares, and leaves a run alone that stays below it', async () => {
    const free = await ran([]);
    deepEqual((await ran([`budget.annotations=${ALL}`])).adapter, free.adapter);
    const { report } = await ran(['budget.annotations=37%']);
    equal(report.spending?.limit, Math.floor(0.37 * ALL));
    ok(report.annotations.used <= 26 && report.annotations.used > 23, String(report.annotations.used));
  });

  it('closes the gate: the other prompts are trained on offline and told of, and no more is drawn than needed', async () => {
    const { report } = await ran(['budget.annotations=20']);
    const { losses, gateEvents, spending } = report;
    equal(losses?.chosenCount, 24);
    equal(losses.offlineCount, losses.lostCount);
    ok(losses.lostCount >= 17, String(losses.lostCount));
    deepEqual(losses.reasons, [{ reason: 'BUDGET_SPENT', rowCount: losses.lostCount }]);
    deepEqual(
      gateEvents?.map(({ kind, iteration, reason }) => [kind, iteration, reason]),
      [['closed', 0, 'budget']],
    );
    equal(report.iterations[1]?.offlineCount, 12);
    ok(report.iterations[1]!.optimizerStepCount > 0, 'training goes on');
    deepEqual(spending?.forecasts[0], { iteration: 0, annotations: 20, annotationsUncapped: ALL });
    equal(spending.forecasts.length, 2);
  });

  it('costs nothing for what the ledger holds', async () => {
    const folder = temporaryFolder();
    const shared = ['ledger=ledger.sqlite', ...EVERYTHING];
    equal((await toyRun({ folder, overrides: shared })).state, 'succeeded');
    const services = toyServices();
    const again = await toyRun({
      folder,
      name: 'again',
      runId: 'again',
      services,
      overrides: [...shared, 'budget.annotations=0'],
    });
    equal(again.state, 'succeeded');
    equal(again.annotationCount, 0);
    equal(services.reward.scored.length, 0);
    const { report } = runOutputs(join(folder, 'again'));
    equal(report.losses?.lostCount, 0);
  });

  it('is the same after an interruption at any call', async () => {
    const overrides = ['budget.annotations=40', 'budget.cost_per_annotation=0.5'];
    const undisturbed = toyServices();
    const expected = await ran(overrides, undisturbed);
    equal(expected.report.spending?.price?.perAnnotation, 0.5);
    const { callCount } = undisturbed.policy;
    for (let stopAt = 3; stopAt < callCount; stopAt += Math.ceil(callCount / 4)) {
      const folder = temporaryFolder();
      const services = toyServices();
      services.policy.beforeCall = ({ index }) => {
        if (index === stopAt) throw new TypeError('interrupted');
      };
      equal((await toyRun({ folder, services, overrides: [...EVERYTHING, ...overrides] })).state, 'failed');
      services.metaLearner.state = undefined;
      equal((await toyRun({ folder, services, overrides: [...EVERYTHING, ...overrides] })).state, 'succeeded');
      deepEqual(told(outputs(folder)), told(expected), `interrupted at call ${stopAt}`);
    }
  });

  it('ends the run by name where it says stop, and goes on with a larger one', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    const stop = [...EVERYTHING, 'budget.on_limit=stop'];
    const stopped = await toyRun({ folder, services, overrides: [...stop, 'budget.annotations=20'] });
    deepEqual([stopped.state, stopped.failure?.reason], ['failed', 'BUDGET_SPENT']);
    ok(stopped.annotationCount <= 20);
    equal((await toyRun({ folder, services, overrides: [...stop, `budget.annotations=${ALL}`] })).state, 'succeeded');
    deepEqual(outputs(folder).adapter, (await ran([])).adapter);
    equal(services.reward.scored.length, new Set(services.reward.scored).size);
  });

  it('sets aside what the evaluation will need, where it counts that', async () => {
    const counting = ['budget.count_evaluation=true', 'evaluation.count=4', 'budget.annotations=50'];
    const { report } = await ran(counting);
    const { used, evaluation } = report.annotations;
    ok(evaluation > 0 && used + evaluation <= 50, `${used} + ${evaluation}`);
    equal(report.spending?.spent, used + evaluation);
    const folder = temporaryFolder();
    const small = await toyRun({ folder, overrides: [...counting, 'budget.annotations=10'] });
    equal(small.failure?.reason, 'CONFIG_INVALID');
  });

  it('of seconds closes the gate once they are over', async () => {
    const { report } = await ran(['budget.seconds=0.000001']);
    equal(report.annotations.used, 0);
    deepEqual(report.losses?.reasons, [{ reason: 'TIME_SPENT', rowCount: 24 }]);
  });
});

const PATIENCE = ['annotator_patience=0s'];
const ITERATION_2 = /\/1\/(annotate|backfill)\//;

/** The reward is down for the requests of these units; evaluation is not among them. */
function downFor({ reward }: ToyServices, units: RegExp): void {
  reward.beforeCall = ({ requestId }) => {
    if (units.test(requestId)) throw new ServiceUnavailableError('reward', 'nowhere', 1, new TypeError('refused'));
  };
}

describe('an annotator that is down', () => {
  it('for a whole iteration leaves it to the offline pairs, and no score is made up', async () => {
    const services = toyServices();
    downFor(services, ITERATION_2);
    const { report, ledger } = await ran(PATIENCE, services);
    const [first, second] = report.iterations;
    deepEqual([first?.offlineCount, second?.offlineCount], [0, 12]);
    ok(second!.optimizerStepCount > 0 && second!.annotationCount === 0);
    deepEqual(report.losses?.reasons, [{ reason: 'ANNOTATOR_DOWN', rowCount: 12 }]);
    deepEqual(report.gateEvents, [{ kind: 'closed', iteration: 1, unit: 0, reason: 'annotator' }]);
    equal(ledger.length, first!.annotationCount);
    const known = new Map(services.reward.scored.map((text) => [text, true]));
    equal(known.size, services.reward.scored.length);
  });

  it('in its backend, whose service answers that all failed, is down as well', async () => {
    const services = toyServices();
    const annotate = services.reward.annotate.bind(services.reward);
    services.reward.annotate = async function down(unit) {
      if (!ITERATION_2.test(unit.requestId)) return await annotate(unit);
      const failure = { reason: 'REWARD_BACKEND_FAILED', message: 'down' };
      return { items: unit.items.map(() => failed(failure)), provenance: '{}' };
    };
    const { report, ledger } = await ran(PATIENCE, services);
    equal(report.iterations[1]?.offlineCount, 12);
    equal(ledger.length, report.iterations[0]!.annotationCount);
  });

  it('and comes back within the iteration is caught up with: the same scores as if nothing had been', async () => {
    const services = toyServices();
    downFor(services, /\/1\/annotate\/[12]\//);
    const { report, ledger, adapter } = await ran(PATIENCE, services);
    const undisturbed = await ran([]);
    deepEqual(ledger, undisturbed.ledger);
    deepEqual(adapter, undisturbed.adapter);
    const { losses } = report;
    deepEqual([losses?.lostCount, losses?.backfilledCount], [0, 8]);
    equal(report.gateEvents?.[0]?.kind, 'closed');
    equal(report.gateEvents.at(-1)?.kind, 'reopened');
  });

  it('for a moment costs a repetition and nothing else', async () => {
    const services = toyServices();
    let isFirst = true;
    services.reward.beforeCall = ({ requestId }) => {
      if (!isFirst || !ITERATION_2.test(requestId)) return;
      isFirst = false;
      throw new ServiceUnavailableError('reward', 'nowhere', 1, new TypeError('refused'));
    };
    const quick = ['annotator_backoff.first=1ms', 'annotator_backoff.max=1ms'];
    deepEqual(told(await ran(quick, services)), told(await ran([])));
  });

  it('holds nobody up who stops the run while it waits', async () => {
    const services = toyServices();
    const stopped = await toyRun({
      folder: temporaryFolder(),
      services,
      overrides: [...EVERYTHING, 'annotator_patience=1d', 'annotator_backoff.first=1h', 'annotator_backoff.max=1h'],
      onStart: (run) => {
        services.reward.beforeCall = ({ requestId }) => {
          if (!ITERATION_2.test(requestId)) return;
          setImmediate(() => run.cancel());
          throw new ServiceUnavailableError('reward', 'nowhere', 1, new TypeError('refused'));
        };
      },
    });
    equal(stopped.state, 'cancelled');
  });

  it('stays given up after a restart, which goes on as the run would have', async () => {
    const undisturbed = toyServices();
    downFor(undisturbed, ITERATION_2);
    const expected = await ran(PATIENCE, undisturbed);
    const folder = temporaryFolder();
    const services = toyServices();
    downFor(services, ITERATION_2);
    let gradients = 0;
    services.policy.beforeCall = ({ kind }) => {
      if (kind === 'gradient' && ++gradients === 22) throw new TypeError('interrupted');
    };
    const overrides = [...EVERYTHING, ...PATIENCE];
    equal((await toyRun({ folder, services, overrides })).state, 'failed');
    services.metaLearner.state = undefined;
    // It is back by now: what was decided stays.
    services.reward.beforeCall = () => {};
    equal((await toyRun({ folder, services, overrides })).state, 'succeeded');
    deepEqual(told(outputs(folder)), told(expected));
  });

  it('when an iteration begins is not drawn for, and leaves an evaluation without scores', async () => {
    const services = toyServices();
    downFor(services, /\/(annotate|backfill)\/|evaluate-final/);
    services.reward.describe = async (name) => {
      if (services.reward.scored.length > 0 && services.policy.callCount > 10) {
        throw new ServiceUnavailableError('reward', 'nowhere', 1, new TypeError('refused'));
      }
      return await Promise.resolve({ name, epoch: '1', weightsDigest: `sha256:${name}` });
    };
    const { report } = await ran([...PATIENCE, 'optimizer.learning_rate=0.5'], services);
    equal(report.losses?.lostCount, 24);
    deepEqual(
      report.gateEvents?.map(({ kind }) => kind),
      ['closed'],
    );
    const final = report.evaluations.at(-1);
    ok(final?.judged.every(({ scores }) => scores.includes(null)));
  });
});

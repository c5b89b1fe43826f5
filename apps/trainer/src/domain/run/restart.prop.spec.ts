/**
 * Goal: any prefix of what happens in a run, and a restart, is the same continuation, the same ledger and the same bill.
 * Method: whole runs over toy services, which die before or after any call of a port, again and again.
 */
import { before, describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ReportData } from '#report';
import { runOutputs, type RunOutputs } from '../../../../../test/support/run-outputs.js';
import { CrashPoint, type CrashSide } from '../../testing/crash-point.js';
import { RememberingReward } from '../../testing/toy-reward.js';
import { temporaryFolder, toyRun, toyServices, type ToyServices } from '../../testing/toy-run.js';

const ROW_COUNT = 12;
const OVERRIDES = ['evaluation.count=2', 'evaluation.examples=1', 'evaluation.judges=[]'];

interface Outcome extends Pick<RunOutputs, 'adapter' | 'ledger'> {
  readonly metaLearner: string;
  readonly iterations: ReportData['iterations'];
  readonly annotations: ReportData['annotations'];
  /** What the annotator billed, sorted. */
  readonly bill: readonly string[];
}

/** One run over several processes. */
class Restarted {
  constructor(private readonly overrides: readonly string[]) {}

  private readonly folder = temporaryFolder();
  private readonly reward = new RememberingReward();
  private readonly services: ToyServices = { ...toyServices(), reward: this.reward };

  /** Works on the run until its end or the crash. @returns true at the end */
  async attempt(crash = new CrashPoint()): Promise<boolean> {
    const { folder, services } = this;
    const overrides = [...OVERRIDES, ...this.overrides];
    const run = await toyRun({ folder, services, overrides, rowCount: ROW_COUNT, crash });
    if (run.state === 'failed') equal(run.failure?.reason, 'INTERNAL', run.failure?.message);
    return run.state === 'succeeded';
  }

  /** The meta-learner service was started anew too. */
  forgetMetaLearner(): void {
    this.services.metaLearner.state = undefined;
  }

  outcome(): Outcome {
    const run = join(this.folder, 'run');
    const { adapter, ledger, report } = runOutputs(run);
    return {
      adapter,
      metaLearner: readFileSync(join(run, 'meta-learner.json'), 'utf8'),
      ledger,
      iterations: report.iterations,
      annotations: report.annotations,
      bill: this.reward.scored.toSorted(),
    };
  }
}

const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  'as it is': [],
  'that trains while it samples': ['optimizer.order=data', 'algorithm.keep_unsampled=true'],
  'with a checkpoint every third step': [
    'storage.checkpoint_steps=3',
    'optimizer.batch_size=1',
    'units.gradient_items=1',
  ],
};

for (const [name, overrides] of Object.entries(SETTINGS)) {
  describe(`a run ${name}, when it is interrupted`, () => interrupted(overrides));
}

function interrupted(overrides: readonly string[]): void {
  let expected: Outcome;
  let calls: readonly string[];

  before(async () => {
    const undisturbed = new Restarted(overrides);
    const all = new CrashPoint();
    ok(await undisturbed.attempt(all));
    expected = undisturbed.outcome();
    ({ calls } = all);
    ok(expected.bill.length > 0);
  });

  const step = fc.record({
    call: fc.nat(),
    side: fc.constantFrom<CrashSide>('before', 'after'),
    forgets: fc.boolean(),
  });

  it('goes on the same after any crashes at any calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const run = new Restarted(overrides);
        for (const { call, side, forgets } of steps) {
          await run.attempt(new CrashPoint((_name, index) => index === call % calls.length, side));
          if (forgets) run.forgetMetaLearner();
        }
        ok(await run.attempt());
        deepEqual(run.outcome(), expected);
      }),
      { numRuns: 8, seed: 5 },
    );
  });

  it('pays once when it dies between the ledger and the journal, after whichever annotation', async () => {
    const addCount = calls.filter((call) => call === 'ledger.add').length;
    ok(addCount > 1);
    for (let number = 1; number <= addCount; number++) {
      const run = new Restarted(overrides);
      let seen = 0;
      equal(await run.attempt(new CrashPoint((call) => call === 'ledger.add' && ++seen === number, 'after')), false);
      ok(await run.attempt());
      deepEqual(run.outcome(), expected);
    }
  });
}

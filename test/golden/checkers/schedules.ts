/** @file Kind `schedules`: cosine learning-rate factors with warm-up against transformers. */
import { scheduleFactor, warmupStepsOf } from '#ml/optim';
import type { Checker } from '../checker.js';
import type { AbsTolerance } from '../measurement.js';

interface Content {
  readonly tolerance: { readonly factors: AbsTolerance };
  readonly runs: readonly {
    readonly total_steps: number;
    readonly warmup_ratio: number;
    readonly warmup_steps: number;
    readonly min_lr_rate: number;
    readonly factors: readonly number[];
  }[];
}

export const checkSchedules: Checker = async (golden, measure) => {
  const { tolerance, runs } = golden.as<Content>();
  for (const run of runs) {
    const part = `${run.total_steps} steps, warm-up ${run.warmup_ratio}`;
    const warmupSteps = warmupStepsOf(run.total_steps, run.warmup_ratio);
    const schedule = {
      kind: 'cosine',
      totalSteps: run.total_steps,
      warmupSteps,
      leastFactor: run.min_lr_rate,
    } as const;
    measure.exact('warm-up steps', part, warmupSteps, run.warmup_steps);
    const factors = run.factors.map((_, k) => scheduleFactor(schedule, k));
    measure.close('factors', part, factors, run.factors, tolerance.factors);
  }
};

/** @file The purse of a run, as its configuration fills it. */
import type { Clock } from '#core';
import { annotationLimit, type RunConfig } from '#run-config';
import type { Journal } from '../storage/journal.js';
import type { Ledger } from '../storage/ledger.js';
import { BudgetTooSmallError } from './budget.errors.js';
import { Spending } from './spending.js';

export interface OpenSpendingOptions {
  readonly config: RunConfig;
  readonly rowCount: number;
  readonly heldOutCount: number;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** The most that a run may buy; undefined without a limit. */
export function limitOf({ budget, algorithm }: RunConfig, rowCount: number): number | undefined {
  return annotationLimit(budget, rowCount * algorithm.samples_per_prompt);
}

/** @throws BudgetTooSmallError (`CONFIG_INVALID`) */
export function openSpending({
  config,
  rowCount,
  heldOutCount,
  journal,
  ledger,
  clock,
}: OpenSpendingOptions): Spending {
  const { budget, evaluation, algorithm, reward_swaps } = config;
  const { iterations, samples_per_prompt: samplesPerPrompt, warm_up } = algorithm;
  const limit = limitOf(config, rowCount);
  const stageCost = heldOutCount * (1 + evaluation.judges.length);
  // After an iteration comes its own evaluation, where there is one, those of the iterations after it, and the last.
  const stagesFrom = (iteration: number) => (evaluation.every_iteration ? iterations - 1 - iteration : 0) + 1;
  const stagesBefore = stagesFrom(0) + (warm_up.epochs > 0 ? 1 : 0);
  // Every stage but the last may be judged once more, by the models of the last.
  const againCost = reward_swaps === 'rescore' ? stageCost * stagesBefore : 0;
  const all = stageCost * (stagesBefore + 1) + againCost;
  if (limit !== undefined && budget.count_evaluation && limit < all) throw new BudgetTooSmallError(limit, all);
  const evaluationCost = (iteration: number) => stageCost * stagesFrom(iteration) + againCost;
  return new Spending({ budget, limit, evaluationCost, samplesPerPrompt, journal, ledger, clock });
}

/**
 * @file What a run may spend on annotations, and what it does when there is no more money or no annotator.
 *
 * None of it is part of the configuration's digest: a run that reached its limit may go on with a larger one. Decisions
 * that were made are in the run's journal and stay as they were made.
 */
import { z } from 'zod';
import { duration } from './durations.js';
import { flag, integer, oneOf, real, text } from './fields.js';

const SHARE = /^(\d+(?:\.\d+)?)%$/;

const annotationsRule = 'an integer in [0, 2^53), or a share such as 37% of what sampling every prompt would cost';

/** A number of annotations, or a share of all that the run could buy. */
const annotations = z.union(
  [
    integer(0, Number.MAX_SAFE_INTEGER),
    z.string({ error: annotationsRule }).refine((value) => (shareOf(value) ?? Infinity) <= 1, {
      error: annotationsRule,
    }),
  ],
  { error: annotationsRule },
);

function shareOf(value: string): number | undefined {
  const match = SHARE.exec(value);
  return match ? Number(match[1]) / 100 : undefined;
}

export const budgetSection = z.strictObject({
  /**
   * Most annotations that the run buys in training: a number, or a share such as `37%` of prompts × samples_per_prompt.
   * What the ledger holds costs nothing. null: no limit. Default null.
   */
  annotations: annotations.nullable().default(null),
  /**
   * Seconds of work after which no more annotations are bought, over all processes that worked on the run. Range
   * (0, ∞). Where it falls depends on the machine; what was decided is kept. null: no limit. Default null.
   */
  seconds: real({ min: 0, minOpen: true }).nullable().default(null),
  /**
   * At the limit: `close_gate` goes on training with the offline pairs of the prompts that are no longer sampled; `stop`
   * ends the run by name (`BUDGET_SPENT`), to go on with a larger budget. Default `close_gate`.
   */
  on_limit: oneOf('close_gate', 'stop').default('close_gate'),
  /** True counts the scores of the evaluation too; what it will need is set aside first. Default false. */
  count_evaluation: flag().default(false),
  /** Price of one annotation in `currency`. Range [0, ∞). null: money is not told. Default null. */
  cost_per_annotation: real({ min: 0 }).nullable().default(null),
  /** Name of the currency, for people. Default `USD`. */
  currency: text('the name of a currency').default('USD'),
});

/** The limit as a number, where a share is of `total`; undefined when there is none. */
export function annotationLimit(
  { annotations: limit }: { readonly annotations: number | string | null },
  total: number,
): number | undefined {
  if (limit === null) return undefined;
  return typeof limit === 'number' ? limit : Math.floor((shareOf(limit) ?? 0) * total);
}

/**
 * How long the run waits for an annotator that is down before it closes the gate and trains on offline pairs alone.
 * `0s` waits for no repetition. Default `10m`.
 */
export const annotatorPatience = duration({ min: '0s', max: '30d' }).default('10m');

export const annotatorBackoffSection = z.strictObject({
  /** Mean delay before the first repetition; it doubles, and each delay is drawn from ±50 % around it. Default `500ms`. */
  first: duration({ min: '1ms', max: '1h' }).default('500ms'),
  /** Largest mean delay. Default `30s`. */
  max: duration({ min: '1ms', max: '1d' }).default('30s'),
});

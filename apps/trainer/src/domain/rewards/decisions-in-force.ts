/** @file The models that an iteration was held to, read back from the journal. */
import type { RunConfig } from '#run-config';
import type { Journal } from '../storage/journal.js';
import { EpochDecisions, START, type EpochDecision } from './epoch-decisions.js';

export interface DecisionsInForce {
  /** What the run began with; undefined in the journal of a version before epochs. */
  readonly first: EpochDecision | undefined;
  /** Of the iteration itself, or of the last one before it that decided. */
  readonly inForce: EpochDecision | undefined;
}

export async function decisionsInForce(
  journal: Journal,
  { reward, evaluation }: Pick<RunConfig, 'reward' | 'evaluation'>,
  iteration: number,
): Promise<DecisionsInForce> {
  const decisions = new EpochDecisions(journal, [reward, ...evaluation.judges]);
  const first = await decisions.of(START);
  for (let of = iteration; of >= 0; of--) {
    const inForce = await decisions.of(of);
    if (inForce) return { first, inForce };
  }
  return { first, inForce: first };
}

/**
 * @file What the meta-learner learns from: the rows of the last T_meta optimizer steps, as the loss saw them.
 *
 * The scores are those logged while the policy took its steps, so they are up to T_meta steps old; recomputing them would
 * cost a pass. The authors' release counts micro-batches against a limit in samples, which makes its true period depend
 * on the micro-batch; here the period is in optimizer steps, whatever the units of work are.
 *
 * Source: arXiv 2509.23371, Eq. 6.
 */
import { Rng } from '#core';
import type { BufferEntry } from '../ports/meta-learner-port.js';
import type { RowStatistics } from '../ports/policy-port.js';

/** Updates after `steps` optimizer steps of one iteration. What is left in the buffer at its end is dropped. */
export function metaUpdatesDue(steps: number, period: number): number {
  return Math.floor(steps / period);
}

/** Rows that carry both pairs, in order. */
export function bufferOf(statistics: readonly RowStatistics[]): BufferEntry[] {
  return statistics.flatMap(({ score, ellOff, ellOn }) =>
    score === undefined || ellOff === undefined || ellOn === undefined ? [] : [{ score, ellOff, ellOn }],
  );
}

/** Control: the same ℓ_on, dealt to other rows, so that nothing ties a gain to its row. */
export function withShuffledOnline(buffer: readonly BufferEntry[], rng: Rng): BufferEntry[] {
  const ellOns = rng.shuffled(buffer.map(({ ellOn }) => ellOn));
  return buffer.map((entry, index) => ({ ...entry, ellOn: ellOns[index] ?? entry.ellOn }));
}

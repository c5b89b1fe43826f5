/** @file Observations of the buffer as they arrive, checked and laid out for the objective. */
import { BufferInvalidError } from './meta-learner.errors.js';
import type { MetaBuffer } from './meta-objective.js';

export interface BufferEntry {
  /** s, in (−∞, 0]. */
  readonly score: number;
  /** ℓ_off, finite. */
  readonly ellOff: number;
  /** ℓ_on, finite. */
  readonly ellOn: number;
}

/** The entries as columns. @throws BufferInvalidError (`BUFFER_INVALID`) naming the first entry that is wrong. */
export function bufferOf(entries: readonly BufferEntry[], entriesMax: number): MetaBuffer {
  if (entries.length === 0) throw new BufferInvalidError('at least one entry', 'none', 'as a whole');
  if (entries.length > entriesMax) {
    const expected = `at most ${entriesMax} entries at this hidden width (META_LEARNER_UPDATE_ELEMENTS_MAX)`;
    throw new BufferInvalidError(expected, String(entries.length), 'as a whole');
  }
  entries.forEach(checkEntry);
  return {
    scores: Float32Array.from(entries, ({ score }) => score),
    ellOff: Float32Array.from(entries, ({ ellOff }) => ellOff),
    ellOn: Float32Array.from(entries, ({ ellOn }) => ellOn),
  };
}

function checkEntry({ score, ellOff, ellOn }: BufferEntry, index: number): void {
  if (!(Number.isFinite(score) && score <= 0)) {
    throw new BufferInvalidError('a score in (-∞, 0]', String(score), `entry ${index}`);
  }
  if (!Number.isFinite(ellOff) || !Number.isFinite(ellOn)) {
    throw new BufferInvalidError('finite ell_off and ell_on', `${ellOff} and ${ellOn}`, `entry ${index}`);
  }
}

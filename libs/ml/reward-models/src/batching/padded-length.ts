/**
 * @file How long an input is made by padding: a function of its own length alone.
 *
 * The last bits of a score depend on the length that its row is computed at (a softmax adds up in lanes, and what is left
 * over separately), not on the rows beside it. So rows of one padded length share a batch, and a score is the same bits
 * whatever its neighbours are.
 */

/** Lengths up to here go in steps of this. */
const STEP_MIN = 8;
/** Above, steps are this part of the power of two below: at most a fifth of a row is padding. */
const STEPS_PER_OCTAVE = 4;

/** At least `length`, at most `tokensMax` where the length allows it. @param length from 1 */
export function paddedLength(length: number, tokensMax: number): number {
  const octave = 2 ** Math.floor(Math.log2(Math.max(1, length - 1)));
  const step = Math.max(STEP_MIN, octave / STEPS_PER_OCTAVE);
  return Math.max(length, Math.min(tokensMax, step * Math.ceil(length / step)));
}

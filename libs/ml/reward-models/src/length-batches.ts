/**
 * @file How the inputs of a call are cut into batches: sorted by length, so that little is padded, and within a budget of
 * padded tokens. Only the call's own inputs decide, so the same call gives the same bits whatever else is going on.
 */
export interface BatchLimits {
  /** Most padded tokens (sequences × longest); an input beyond it is a batch alone. */
  readonly tokensMax: number;
  /** False where nothing may be padded: then only equal lengths share a batch. */
  readonly mayPad: boolean;
}

/** Indices of the inputs, batch by batch; equal lengths stay in order. */
export function lengthBatches(lengths: readonly number[], { tokensMax, mayPad }: BatchLimits): number[][] {
  const order = lengths.map((length, index) => ({ length, index })).sort((a, b) => a.length - b.length);
  const batches: number[][] = [];
  let batch: number[] = [];
  let shortest = 0;
  for (const { length, index } of order) {
    const isFull = (batch.length + 1) * length > tokensMax || (!mayPad && length !== shortest);
    if (batch.length > 0 && isFull) {
      batches.push(batch);
      batch = [];
    }
    if (batch.length === 0) shortest = length;
    batch.push(index);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

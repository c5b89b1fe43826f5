/**
 * @file Which tokens may be drawn, and with what probability.
 *
 * In this order, as transformers does: divide by the temperature, keep the top k, keep the top-p nucleus, drop what is
 * below min-p, then softmax over what is left. Ties with the k-th value all stay; at the nucleus' border the lower id
 * stays. Nucleus sampling: arXiv 1904.09751; min-p: arXiv 2407.01082. Everything is float64.
 */
import { assert } from '#core';
import { fastExp } from './fast-exp.js';
import { maximumLogit } from './log-sum-exp.js';

export interface Truncation {
  /** In (0, ∞). */
  readonly temperature: number;
  /** 0 keeps all. */
  readonly topK: number;
  /** In (0, 1]; 1 keeps all. */
  readonly topP: number;
  /** Fraction of the largest probability below which a token is dropped, in [0, 1). @default 0 */
  readonly minP?: number;
}

/** Tokens that may be drawn, by ascending id; probabilities sum to 1. */
export interface KeptDistribution {
  readonly ids: Int32Array;
  readonly probabilities: Float64Array;
}

/** A sum of probabilities may fall this much short of topP by rounding alone. */
const NUCLEUS_ROUNDING = 1e-12;

/** The distribution that a token is drawn from. */
export function keptDistribution(logits: Float32Array, truncation: Truncation): KeptDistribution {
  const { temperature, topK, topP, minP = 0 } = truncation;
  assert(temperature > 0, `temperature ${temperature} has no softmax`);
  const maximum = maximumLogit(logits);
  const threshold = topK > 0 && topK < logits.length ? kthLargest(logits, topK) : Number.NEGATIVE_INFINITY;
  const masses = new Float64Array(logits.length); // relative to the most likely token's
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! >= threshold) masses[id] = fastExp((logits[id]! - maximum) / temperature);
  }
  let kept = topP < 1 ? nucleus(masses, topP) : idsWith(masses, (mass) => mass > 0);
  if (minP > 0) kept = kept.filter((id) => masses[id]! >= minP);
  const total = kept.reduce((sum, id) => sum + masses[id]!, 0);
  return { ids: Int32Array.from(kept), probabilities: Float64Array.from(kept, (id) => masses[id]! / total) };
}

/** The shortest prefix of the descending order whose mass reaches topP, by ascending id; at least one token. */
function nucleus(masses: Float64Array, topP: number): number[] {
  let total = 0;
  let candidates = 0;
  for (const mass of masses) {
    total += mass;
    if (mass > 0) candidates++;
  }
  // All tokens below this together hold less than 1 − topP, so none of them is needed: far fewer are left to sort.
  const floor = ((1 - topP) * total) / candidates;
  const ids = idsWith(masses, (mass) => mass >= floor);
  const ascending = Float64Array.from(ids, (id) => masses[id]!).sort();
  let mass = 0;
  let first = ascending.length;
  do mass += ascending[--first]!;
  while (first > 0 && mass < (topP - NUCLEUS_ROUNDING) * total);
  const smallest = ascending[first]!;
  let ties = ascending.lastIndexOf(smallest) + 1 - first;
  return ids.filter((id) => masses[id]! > smallest || (masses[id]! === smallest && ties-- > 0));
}

function idsWith(masses: Float64Array, accepts: (mass: number) => boolean): number[] {
  const ids: number[] = [];
  for (let id = 0; id < masses.length; id++) if (accepts(masses[id]!)) ids.push(id);
  return ids;
}

/** The k-th largest value, by a min-heap of the k largest so far. */
function kthLargest(values: Float32Array, k: number): number {
  const heap = values.slice(0, k).sort();
  for (let i = k; i < values.length; i++) {
    if (values[i]! > heap[0]!) replaceSmallest(heap, values[i]!);
  }
  return heap[0]!;
}

function replaceSmallest(heap: Float32Array, value: number): void {
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = value;
}

/**
 * @file Central differences of a graph's loss in float64, and how far a gradient is from them.
 *
 * The slope along a random direction d is compared with ⟨gradient, d⟩, for each input in turn: two runs instead of two
 * per element, and in float64 no error can hide in a random direction. What fails is then looked at element by element.
 */
import { present, Rng } from '#core';
import { evaluate, type HostArray } from '#ml/graph';
import type { Draft } from './draft.js';

export interface GradientError {
  /** Largest difference, relative to max(1, |slope|). */
  readonly error: number;
  /** Input and element that differ most. */
  readonly where: string;
}

/** Error of central differences is O(step²); rounding is O(1e-16 / step). */
const STEP = 1e-5;

/** Rounding of constants to float32, and of the differences themselves. */
const TOLERANCE = 1e-6;

/** The largest difference between the gradients of a draft and central differences. */
export function gradientError(draft: Draft): GradientError {
  const results = evaluate(draft.graph, draft.feeds);
  let worst: GradientError = { error: 0, where: 'nowhere' };
  const note = (candidate: GradientError): void => {
    if (candidate.error > worst.error || Number.isNaN(candidate.error)) worst = candidate;
  };
  for (const name of draft.differentiated) {
    const point = present(draft.feeds.get(name), `feed ${name}`);
    const gradient = present(results.get(`grad.${name}`), `gradient of ${name}`);
    const rng = new Rng('direction', name);
    const along = errorAlong(
      draft,
      name,
      point.data.map(() => rng.normal()),
      gradient,
    );
    note(along);
    if (along.error < TOLERANCE) continue;
    for (let index = 0; index < point.data.length; index++) {
      const axis = new Float64Array(point.data.length).fill(1, index, index + 1);
      const { error, where } = errorAlong(draft, name, axis, gradient);
      note({ error, where: `${name}[${index}]: ${where}` });
    }
  }
  return worst;
}

function errorAlong(
  { graph, feeds }: Draft,
  name: string,
  direction: Float64Array,
  gradient: HostArray,
): GradientError {
  const { dims, data } = present(feeds.get(name), `feed ${name}`);
  const lossAt = (step: number): number => {
    const moved = data.map((value, index) => value + step * direction[index]!);
    return present(evaluate(graph, new Map(feeds).set(name, { dims, data: moved })).get('loss')?.data[0], 'loss');
  };
  const slope = (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
  const got = gradient.data.reduce((sum, element, index) => sum + element * direction[index]!, 0);
  const error = Math.abs(got - slope) / Math.max(1, Math.abs(slope));
  return { error, where: `${name}: gradient ${got}, central difference ${slope}` };
}

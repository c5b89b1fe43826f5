/** @file Which pairs are measured by, and whether the model has seen them. */
import { uniformOf, type Digest } from '#core';
import type { EncodedPair } from './encode-pairs.js';

export interface SplitPairs {
  readonly train: readonly EncodedPair[];
  readonly heldOut: readonly EncodedPair[];
}

/** Sets whole prompts apart until a share of the pairs is reached, at least one pair; both parts stay in order. */
export function splitHeldOut(
  pairs: readonly EncodedPair[],
  { seed, fraction }: { readonly seed: number; readonly fraction: number },
): SplitPairs {
  const counts = new Map<Digest, number>();
  for (const { promptDigest } of pairs) counts.set(promptDigest, (counts.get(promptDigest) ?? 0) + 1);
  const draws = [...counts.keys()].map((prompt) => ({ prompt, draw: uniformOf('held-out', seed, prompt) }));
  draws.sort((a, b) => a.draw - b.draw);
  const wanted = Math.max(1, Math.round(fraction * pairs.length));
  const apart = new Set<Digest>();
  let count = 0;
  for (const { prompt } of draws) {
    if (count >= wanted) break;
    apart.add(prompt);
    count += counts.get(prompt) ?? 0;
  }
  const isApart = ({ promptDigest }: EncodedPair) => apart.has(promptDigest);
  return { train: pairs.filter((pair) => !isApart(pair)), heldOut: pairs.filter(isApart) };
}

export interface Overlap {
  /** Held-out pairs whose prompt is trained on. */
  readonly promptCount: number;
  /** Held-out pairs that are trained on themselves, in either order of preference. */
  readonly pairCount: number;
}

export function overlapOf({ train, heldOut }: SplitPairs): Overlap {
  const prompts = new Set(train.map(({ promptDigest }) => promptDigest));
  const texts = new Set(train.map(({ textsDigest }) => textsDigest));
  return {
    promptCount: heldOut.filter(({ promptDigest }) => prompts.has(promptDigest)).length,
    pairCount: heldOut.filter(({ textsDigest }) => texts.has(textsDigest)).length,
  };
}

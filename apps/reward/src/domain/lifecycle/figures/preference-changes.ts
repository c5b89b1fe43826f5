/**
 * @file What a swap does to preferences within one prompt: pairs whose order turns round, and the best of its responses.
 *
 * These two are what a preference loss sees: it is blind to scale and offset of a reward.
 */

/** Scores of the responses to one prompt. */
export interface ScoredItem {
  readonly live: readonly number[];
  readonly staged: readonly number[];
}

/** Pairs that the model in service tells apart, and how many of them turn round; a pair that becomes equal counts half. */
export function pairFlips({ live, staged }: ScoredItem): { readonly pairs: number; readonly flips: number } {
  let pairs = 0;
  let flips = 0;
  for (let i = 0; i < live.length; i++) {
    for (let j = 0; j < i; j++) {
      const before = Math.sign(live[i]! - live[j]!);
      if (before === 0) continue;
      pairs += 1;
      flips += (1 - before * Math.sign(staged[i]! - staged[j]!)) / 2;
    }
  }
  return { pairs, flips };
}

/**
 * How probably the best response is another one: the share of the staged model's best responses that are not among the
 * best of the model in service. Undefined where there is nothing to choose from.
 */
export function bestChange({ live, staged }: ScoredItem): number | undefined {
  if (live.length < 2) return undefined;
  const liveBest = largest(live);
  const stagedBest = largest(staged);
  const best = live.filter((_, i) => staged[i] === stagedBest);
  return best.filter((score) => score !== liveBest).length / best.length;
}

const largest = (scores: readonly number[]): number => scores.reduce((most, score) => Math.max(most, score), -Infinity);

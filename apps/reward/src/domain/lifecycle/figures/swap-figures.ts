/** @file All figures that compare two models on items that both have scored, with their intervals. Pure, and slow: see `compute-figures.ts`. */
import { affineFit, type AffineFit } from './affine-shift.js';
import { bootstrap, type Interval } from './bootstrap.js';
import { bestChange, pairFlips, type ScoredItem } from './preference-changes.js';
import { kendallTauB, spearman } from './rank-correlations.js';
import { midRanks, rankOrderOf } from './rank-order.js';

/** Figures that the items do not define are absent. */
export interface SwapFigures {
  /** Pairs of responses to one prompt that the model in service tells apart. */
  readonly pairCount: number;
  readonly pairFlipFraction?: Interval;
  readonly bestOfKChangeFraction?: Interval;
  readonly spearman?: Interval;
  readonly kendall?: Interval;
  readonly slope?: Interval;
  readonly intercept?: Interval;
  readonly residualRms?: number;
  readonly residualFraction?: number;
  /** Per item: the largest gap between the two ranks of a response, as a share of all responses. */
  readonly rankGaps: readonly number[];
}

const NAMES = ['pairFlipFraction', 'bestOfKChangeFraction', 'spearman', 'kendall', 'slope', 'intercept'] as const;

/** @param items each with at least one response, scores finite */
export function swapFigures(items: readonly ScoredItem[], seed: string): SwapFigures {
  const live = Float64Array.from(items.flatMap((item) => item.live));
  const staged = Float64Array.from(items.flatMap((item) => item.staged));
  const itemOf = Uint32Array.from(items.flatMap(({ live: scores }, index) => scores.map(() => index)));
  const ranked = { x: rankOrderOf(live), y: rankOrderOf(staged) };
  const flips = items.map(pairFlips);
  const changes = items.map(bestChange);
  const weights = new Float64Array(live.length);

  const figures = (itemWeights: Float64Array): Record<(typeof NAMES)[number], number | undefined> => {
    for (let i = 0; i < weights.length; i++) weights[i] = itemWeights[itemOf[i]!]!;
    const fit: AffineFit | undefined = affineFit(live, staged, weights);
    return {
      pairFlipFraction: ratio(
        itemWeights,
        (i) => flips[i]!.flips,
        (i) => flips[i]!.pairs,
      ),
      bestOfKChangeFraction: ratio(
        itemWeights,
        (i) => changes[i] ?? 0,
        (i) => (changes[i] === undefined ? 0 : 1),
      ),
      spearman: spearman(ranked, weights),
      kendall: kendallTauB(ranked, weights),
      slope: fit?.slope,
      intercept: fit?.intercept,
    };
  };
  const intervals = bootstrap({ itemCount: items.length, figures, names: NAMES, seed });
  const once = new Float64Array(live.length).fill(1);
  const fit = affineFit(live, staged, once);
  return {
    ...intervals,
    pairCount: flips.reduce((sum, { pairs }) => sum + pairs, 0),
    ...(fit && { residualRms: fit.residualRms, residualFraction: fit.residualFraction }),
    rankGaps: rankGaps(items.length, itemOf, midRanks(ranked.x, once), midRanks(ranked.y, once)),
  };
}

/** Σ wᵢ aᵢ / Σ wᵢ bᵢ; undefined where the lower sum is 0. */
function ratio(weights: Float64Array, part: (i: number) => number, whole: (i: number) => number): number | undefined {
  let upper = 0;
  let lower = 0;
  for (let i = 0; i < weights.length; i++) {
    upper += weights[i]! * part(i);
    lower += weights[i]! * whole(i);
  }
  return lower > 0 ? upper / lower : undefined;
}

function rankGaps(itemCount: number, itemOf: Uint32Array, x: Float64Array, y: Float64Array): number[] {
  const gaps = Array.from({ length: itemCount }, () => 0);
  itemOf.forEach((item, i) => {
    gaps[item] = Math.max(gaps[item]!, Math.abs(x[i]! - y[i]!) / itemOf.length);
  });
  return gaps;
}

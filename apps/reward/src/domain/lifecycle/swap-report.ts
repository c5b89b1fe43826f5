/** @file What a comparison of two models says, and how it is put together from the items that both have scored. */
import type { Digest } from '#core';
import type { PromptText, ScoreOutcome } from '../reward-backend.js';
import { quantile, type Interval } from './figures/bootstrap.js';
import type { ScoredItem } from './figures/preference-changes.js';
import type { SwapFigures } from './figures/swap-figures.js';

/** A response with what both models said of it. */
export interface ComparedResponse {
  readonly text: string;
  readonly live: ScoreOutcome;
  readonly staged: ScoreOutcome;
}

/** A prompt with its responses, which both models were asked for. */
export interface ComparedItem {
  readonly itemId: string;
  readonly prompt: PromptText;
  /** At least one. */
  readonly responses: readonly ComparedResponse[];
  /** Time in the backend per response, in milliseconds; absent where it is not known. */
  readonly liveMs?: number | undefined;
  readonly stagedMs?: number | undefined;
  /** True of shadowed traffic. */
  readonly isShadow: boolean;
}

/** What one model did with the items. Scores are those of responses that both models scored. */
export interface SwapSide {
  readonly scoreMin: number;
  readonly scoreMax: number;
  readonly scoreMean: number;
  readonly scoreStd: number;
  /** Absent where no time is known. */
  readonly latencyMedianMs?: number;
  readonly latencyP95Ms?: number;
  /** Responses that the model failed on, by reason. */
  readonly failures: Readonly<Record<string, number>>;
  readonly mayBill: boolean;
  /** Sum of each named component, for instance the tokens that a judge used. */
  readonly componentSums: Readonly<Record<string, number>>;
}

/** The figures, without any text; what is kept of a report. */
export interface SwapReport extends Omit<SwapFigures, 'rankGaps'> {
  readonly liveEpoch: number;
  readonly liveDigest: Digest;
  readonly stagedDigest: Digest;
  /** Milliseconds since the epoch of time. */
  readonly madeAtMs: number;
  readonly itemCount: number;
  readonly shadowItemCount: number;
  readonly responseCount: number;
  readonly shadowDroppedCount: number;
  readonly live: SwapSide;
  readonly staged: SwapSide;
}

/** An item on which the models disagree. */
export interface Disagreement {
  readonly item: ComparedItem;
  /** Largest gap between the two ranks of a response among all scores, as a share of their number. */
  readonly rankGap: number;
}

export type { Interval };

type Side = 'live' | 'staged';

/** Items of which both models scored something, and those scores. */
export function scoredItems(items: readonly ComparedItem[]): { item: ComparedItem; scores: ScoredItem }[] {
  return items.flatMap((item) => {
    const scores = { live: [] as number[], staged: [] as number[] };
    for (const { live, staged } of item.responses) {
      if (!live.ok || !staged.ok) continue;
      scores.live.push(live.score);
      scores.staged.push(staged.score);
    }
    return scores.live.length > 0 ? [{ item, scores }] : [];
  });
}

/** What one model did. @param items all of them, those that it failed on included */
export function sideOf(side: Side, items: readonly ComparedItem[], mayBill: boolean): SwapSide {
  const scores = Float64Array.from(scoredItems(items).flatMap((one) => one.scores[side]));
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length;
  const failures: Record<string, number> = {};
  const componentSums: Record<string, number> = {};
  for (const outcome of items.flatMap(({ responses }) => responses.map((response) => response[side]))) {
    if (!outcome.ok) failures[outcome.error.code] = (failures[outcome.error.code] ?? 0) + 1;
    else
      for (const [name, value] of Object.entries(outcome.components))
        componentSums[name] = finite((componentSums[name] ?? 0) + value);
  }
  return {
    scoreMin: scores.reduce((least, score) => Math.min(least, score), Infinity),
    scoreMax: scores.reduce((most, score) => Math.max(most, score), -Infinity),
    scoreMean: finite(mean),
    scoreStd: finite(Math.sqrt(variance)),
    ...latencies(
      items.map(({ liveMs, stagedMs }) => (side === 'live' ? liveMs : stagedMs)).filter((ms) => ms !== undefined),
    ),
    failures,
    mayBill,
    componentSums,
  };
}

/** Sums of huge scores may overflow; what is kept of a report is JSON, which knows no infinity. */
const finite = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));

function latencies(milliseconds: readonly number[]): Pick<SwapSide, 'latencyMedianMs' | 'latencyP95Ms'> {
  if (milliseconds.length === 0) return {};
  const sorted = Float64Array.from(milliseconds).sort();
  return { latencyMedianMs: quantile(sorted, 0.5), latencyP95Ms: quantile(sorted, 0.95) };
}

/** The worst ones first; equal gaps in the order of the items. */
export function worstDisagreements(
  items: readonly ComparedItem[],
  rankGaps: readonly number[],
  countMax: number,
): Disagreement[] {
  return items
    .map((item, index) => ({ item, rankGap: rankGaps[index]! }))
    .filter(({ rankGap }) => rankGap > 0)
    .sort((a, b) => b.rankGap - a.rankGap)
    .slice(0, countMax);
}

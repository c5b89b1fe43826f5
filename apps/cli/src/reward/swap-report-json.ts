/** @file A swap report for programs: snake_case, numbers as numbers, times in ISO 8601, spans in milliseconds. */
import type {
  Interval__Output,
  SwapDisagreement__Output,
  SwapReport__Output,
  SwapSide__Output,
} from '#contracts/reward';
import { fromDuration, fromTimestamp } from '#platform/rpc';
import { promptText } from './prompt-text.js';

type Json = Readonly<Record<string, unknown>>;

export function reportJson(report: SwapReport__Output): Json {
  const { affineShift, live, staged, reportTime } = report;
  return {
    live_epoch: Number(report.liveEpoch),
    live_weights_digest: report.liveWeightsDigest,
    staged_weights_digest: report.stagedWeightsDigest,
    report_time: reportTime ? new Date(fromTimestamp(reportTime)).toISOString() : null,
    item_count: Number(report.itemCount),
    shadow_item_count: Number(report.shadowItemCount),
    response_count: Number(report.responseCount),
    pair_count: Number(report.pairCount),
    pair_flip_fraction: intervalJson(report.pairFlipFraction),
    best_of_k_change_fraction: intervalJson(report.bestOfKChangeFraction),
    spearman: intervalJson(report.spearman),
    kendall: intervalJson(report.kendall),
    affine_shift: affineShift && {
      slope: intervalJson(affineShift.slope),
      intercept: intervalJson(affineShift.intercept),
      residual_rms: affineShift.residualRms,
      residual_fraction: affineShift.residualFraction,
    },
    live: live && sideJson(live),
    staged: staged && sideJson(staged),
    disagreements: report.disagreements.map(disagreementJson),
    breaches: report.breaches.map(({ limit, allowed, figure = null }) => ({ limit, allowed, figure })),
    shadow_dropped_count: Number(report.shadowDroppedCount),
  };
}

function intervalJson(interval: Interval__Output | null): Json | null {
  return interval && { estimate: interval.estimate, low: interval.low, high: interval.high };
}

function sideJson(side: SwapSide__Output): Json {
  const { scoreMin, scoreMax, scoreMean, scoreStd, latencyMedian, latencyP95, failures } = side;
  return {
    score_min: scoreMin,
    score_max: scoreMax,
    score_mean: scoreMean,
    score_std: scoreStd,
    latency_median_ms: latencyMedian && fromDuration(latencyMedian),
    latency_p95_ms: latencyP95 && fromDuration(latencyP95),
    failed_count: Number(side.failedCount),
    failures: Object.fromEntries(Object.entries(failures).map(([reason, count]) => [reason, Number(count)])),
    may_bill: side.mayBill,
    component_sums: side.componentSums,
  };
}

function disagreementJson({ itemId, prompt, responses, rankGap }: SwapDisagreement__Output): Json {
  return {
    item_id: itemId,
    rank_gap: rankGap,
    prompt: promptText(prompt),
    responses: responses.map(({ text, liveScore = null, stagedScore = null }) => ({
      text,
      live_score: liveScore,
      staged_score: stagedScore,
    })),
  };
}

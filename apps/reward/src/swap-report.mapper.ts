/** @file Comparisons of two models on the wire. */
import type {
  SwapDisagreement,
  SwapDisagreementResponse,
  SwapLimitBreach,
  SwapReport as WireReport,
  SwapSide as WireSide,
} from '#contracts/reward';
import { toDuration, toTimestamp } from '#platform/rpc';
import type { LimitBreach } from './domain/lifecycle/swap-limits.js';
import type { ComparedResponse, Disagreement, SwapReport, SwapSide } from './domain/lifecycle/swap-report.js';

/** The figures, without texts. */
export function toSwapReport(report: SwapReport): WireReport {
  const { slope, intercept, residualRms = 0, residualFraction = 0 } = report;
  return {
    liveEpoch: report.liveEpoch,
    liveWeightsDigest: report.liveDigest,
    stagedWeightsDigest: report.stagedDigest,
    reportTime: toTimestamp(report.madeAtMs),
    itemCount: report.itemCount,
    shadowItemCount: report.shadowItemCount,
    responseCount: report.responseCount,
    pairCount: report.pairCount,
    pairFlipFraction: report.pairFlipFraction ?? null,
    bestOfKChangeFraction: report.bestOfKChangeFraction ?? null,
    spearman: report.spearman ?? null,
    kendall: report.kendall ?? null,
    ...(slope && intercept && { affineShift: { slope, intercept, residualRms, residualFraction } }),
    live: toSide(report.live),
    staged: toSide(report.staged),
    shadowDroppedCount: report.shadowDroppedCount,
  };
}

function toSide(side: SwapSide): WireSide {
  const { latencyMedianMs, latencyP95Ms, failures, ...rest } = side;
  return {
    ...rest,
    ...(latencyMedianMs !== undefined && { latencyMedian: toDuration(latencyMedianMs) }),
    ...(latencyP95Ms !== undefined && { latencyP95: toDuration(latencyP95Ms) }),
    failedCount: Object.values(failures).reduce((sum, count) => sum + count, 0),
    failures,
  };
}

export function toDisagreement({ item, rankGap }: Disagreement): SwapDisagreement {
  const { itemId, prompt, responses } = item;
  const { messages, text } = prompt;
  return {
    itemId,
    prompt:
      messages.length > 0
        ? { form: 'conversation', conversation: { messages: [...messages] } }
        : { form: 'text', text },
    responses: responses.map(toDisagreementResponse),
    rankGap,
  };
}

function toDisagreementResponse({ text, live, staged }: ComparedResponse): SwapDisagreementResponse {
  return {
    text,
    ...(live.ok && { liveScore: live.score }),
    ...(staged.ok && { stagedScore: staged.score }),
  };
}

export function toLimitBreach({ limit, allowed, figure }: LimitBreach): SwapLimitBreach {
  return { limit, allowed, ...(figure !== undefined && { figure }) };
}

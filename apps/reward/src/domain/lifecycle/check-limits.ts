/** @file Whether the last report allows a promotion. */
import { SwapLimitsExceededError, SwapReportMissingError } from './lifecycle.errors.js';
import { liveEpoch, modelOf, stagedOf, type Slots } from './slots.js';
import { breachesOf, type SwapLimits } from './swap-limits.js';
import type { SwapReport } from './swap-report.js';

/**
 * The report that a promotion rests on, if there is one of these two models.
 *
 * @throws SwapReportMissingError (`SWAP_REPORT_MISSING`), SwapLimitsExceededError (`SWAP_LIMITS_EXCEEDED`) unless forced
 */
export function checkLimits(slots: Slots, limits: SwapLimits, isForced: boolean): SwapReport | undefined {
  const report = currentReport(slots);
  const hasLimits = Object.values(limits).some((limit) => limit !== undefined);
  if (isForced || !hasLimits) return report;
  if (!report) throw new SwapReportMissingError(slots.rewardModel);
  const breaches = breachesOf(report, limits);
  if (breaches.length > 0) throw new SwapLimitsExceededError(slots.rewardModel, breaches);
  return report;
}

/** The last report, unless one of the two models is another one since. */
function currentReport(slots: Slots): SwapReport | undefined {
  const { model, report } = stagedOf(slots);
  const live = modelOf(slots, liveEpoch(slots).model).weightsDigest;
  const isCurrent = report?.liveDigest === live && report.stagedDigest === modelOf(slots, model).weightsDigest;
  return isCurrent ? report : undefined;
}

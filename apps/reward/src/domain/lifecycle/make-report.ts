/** @file Compares the staged model of a name with the one in service: on shadowed traffic, and on items that both score now. */
import { type Clock, present } from '#core';
import type { Lease, RewardRegistry } from '../reward-registry.js';
import type { LoadedModel } from '../loaded-model.js';
import { compareOn } from './compare-on.js';
import { computeFigures } from './figures/compute-figures.js';
import type { ReportCommand } from './lifecycle-commands.js';
import { SwapCostNotAllowedError, SwapReportEmptyError } from './lifecycle.errors.js';
import type { Shadow } from './shadow.js';
import { stagedOf } from './slots.js';
import { breachesOf, type LimitBreach, type SwapLimits } from './swap-limits.js';
import {
  scoredItems,
  sideOf,
  worstDisagreements,
  type ComparedItem,
  type Disagreement,
  type SwapReport,
} from './swap-report.js';

export interface ReportContext {
  readonly registry: RewardRegistry;
  readonly shadow: Shadow | undefined;
  readonly limits: SwapLimits;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface ReportResult {
  readonly report: SwapReport;
  /** Worst first. */
  readonly disagreements: readonly Disagreement[];
  readonly breaches: readonly LimitBreach[];
}

/** @throws RewardModelNotStagedError, SwapCostNotAllowedError, SwapReportEmptyError */
export async function makeReport(command: ReportCommand, context: ReportContext): Promise<ReportResult> {
  const { rewardModel, items, allowCost } = command;
  const { slots, models } = context.registry.modelsOf(rewardModel);
  const staged = present(models.get(stagedOf(slots).model), 'the staged model');
  const live = context.registry.lease(rewardModel);
  const leave = staged.enter();
  try {
    for (const { mayBill, kind } of [staged.description, live.model.description]) {
      if (items.length > 0 && mayBill && !allowCost) throw new SwapCostNotAllowedError(rewardModel, kind);
    }
    return await compared(command, { ...context, live, staged });
  } finally {
    leave();
    live.release();
  }
}

async function compared(
  command: ReportCommand,
  { live, staged, ...context }: ReportContext & { readonly live: Lease; readonly staged: LoadedModel },
): Promise<ReportResult> {
  const { rewardModel, items, ignoreShadow, seed, disagreementCountMax } = command;
  const { shadow, clock, signal, limits } = context;
  // As it is now: a swap in the meantime empties it.
  const seen = ignoreShadow ? [] : [...(shadow?.ring.items ?? [])];
  const sent = await compareOn(items, { rewardModel, live: live.model.loaded, staged, clock, signal });
  const all: ComparedItem[] = [...seen, ...sent];
  const scored = scoredItems(all);
  if (scored.length === 0) {
    const why = all.length === 0 ? 'no items were sent, and no traffic was shadowed' : failureOf(all);
    throw new SwapReportEmptyError(rewardModel, why);
  }
  const { rankGaps, ...figures } = await computeFigures(
    scored.map(({ scores }) => scores),
    seed,
    signal,
  );
  const report: SwapReport = {
    ...figures,
    liveEpoch: live.model.provenance.epoch,
    liveDigest: live.model.description.weightsDigest,
    stagedDigest: staged.description.weightsDigest,
    madeAtMs: clock.nowMs(),
    itemCount: scored.length,
    shadowItemCount: scored.filter(({ item }) => item.isShadow).length,
    responseCount: scored.reduce((sum, { scores }) => sum + scores.live.length, 0),
    shadowDroppedCount: shadow?.counts.dropped ?? 0,
    live: sideOf('live', all, live.model.description.mayBill ?? false),
    staged: sideOf('staged', all, staged.description.mayBill ?? false),
  };
  const disagreements = worstDisagreements(
    scored.map(({ item }) => item),
    rankGaps,
    disagreementCountMax,
  );
  return { report, disagreements, breaches: breachesOf(report, limits) };
}

/** Why nothing was scored by both, from the first response that shows it. */
function failureOf(items: readonly ComparedItem[]): string {
  for (const { live, staged } of items.flatMap(({ responses }) => responses)) {
    if (!staged.ok) return `the staged model failed: ${staged.error.message}`;
    if (!live.ok) return `the model in service failed: ${live.error.message}`;
  }
  return 'the items have no responses';
}

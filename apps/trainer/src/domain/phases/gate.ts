/** @file The gate: which prompts get fresh samples. */
import { decideLocally, type GateRow, type LocalGate } from '../algorithm/local-gate.js';
import { chunked } from '../algorithm/rows.js';
import type { GateDecision } from '../ports/meta-learner-port.js';
import type { MetaLearnerKeeper } from '../run/meta-learner-keeper.js';
import type { RunContext } from '../run/run-context.js';
import type { UnitPlan } from '../run/unit-runner.js';

/** Rows per call of the gate; a decision takes microseconds, a message tens of bytes. */
const GATE_UNIT_ROWS = 1024;

/** Decisions by row id. A row whose score is not finite gets none. */
export async function gateRows(
  context: RunContext,
  {
    iteration,
    rows,
    keeper,
  }: { readonly iteration: number; readonly rows: readonly GateRow[]; readonly keeper: MetaLearnerKeeper | undefined },
): Promise<Map<string, GateDecision>> {
  const decisions = keeper?.gates
    ? await gateByService(context, { iteration, rows, keeper })
    : gateLocally(context, { iteration, rows });
  return new Map(decisions);
}

function gateLocally(
  { config }: RunContext,
  { iteration, rows }: { readonly iteration: number; readonly rows: readonly GateRow[] },
): (readonly [string, GateDecision])[] {
  const gate = localGateOf(config.algorithm.gate);
  return rows
    .filter(({ score }) => Number.isFinite(score))
    .map((row) => [row.itemId, decideLocally(gate, row, { seed: config.seed, iteration })] as const);
}

function localGateOf({ kind, ratio, threshold }: RunContext['config']['algorithm']['gate']): LocalGate {
  switch (kind) {
    case 'random':
      return { kind, ratio };
    case 'threshold':
      return { kind, threshold };
    case 'meta':
    case 'sigmoid':
      return { kind: 'sigmoid' };
    case 'all':
    case 'none':
      return { kind };
    default:
      return kind satisfies never;
  }
}

async function gateByService(
  context: RunContext,
  {
    iteration,
    rows,
    keeper,
  }: { readonly iteration: number; readonly rows: readonly GateRow[]; readonly keeper: MetaLearnerKeeper },
): Promise<(readonly [string, GateDecision])[]> {
  const phase = 'gate';
  const { version } = keeper.stateAtStartOf(iteration);
  const groups = chunked(rows, GATE_UNIT_ROWS);
  const plans = groups.map((items, unit): UnitPlan<Awaited<ReturnType<typeof keeper.gate>>> => {
    const request = { items, seed: context.config.seed, iteration, version };
    return { key: { iteration, phase, unit }, request, compute: (signal) => keeper.gate(request, signal) };
  });
  const units = { count: plans.length, countDone: await context.journal.unitCount(iteration, phase) };
  return await context.phases.track({ phase, iteration }, units, async ({ advance }) => {
    const results = await context.units.run(plans, { onDone: () => advance() });
    const value = results.flatMap((outcomes, unit) =>
      outcomes.flatMap((outcome, index) =>
        outcome.ok ? [[groups[unit]![index]!.itemId, outcome.value] as const] : [],
      ),
    );
    const sampled = value.filter(([, decision]) => decision.sampled).length;
    return { value, figures: { sampled, annotation_ratio: rows.length === 0 ? 0 : sampled / rows.length } };
  });
}

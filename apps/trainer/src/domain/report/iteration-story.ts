/** @file What became of the rows that the gate of one iteration chose. */
import type { PreferenceRow } from '../algorithm/rows.js';
import type { IterationStory } from '../budget/spending-story.js';
import { CLOSED_GATE_REASONS, NOT_GENERATED, SAMPLES_EMPTY, type ChosenRow } from '../degrade/row-losses.js';
import type { SamplingFindings } from '../phases/sampling-findings.js';
import type { RunContext } from '../run/run-context.js';

export function iterationStory(
  { rows: all, config }: RunContext,
  { iteration, rows }: { readonly iteration: number; readonly rows: readonly PreferenceRow[] },
  findings: SamplingFindings,
): IterationStory {
  const { iterations } = config.algorithm;
  const { decisions, spentBefore, gateStates } = findings;
  return {
    iteration,
    spentBefore,
    gatedRows: decisions.size,
    laterRows: all.length - Math.floor(((iteration + 1) * all.length) / iterations),
    chosen: rows.filter(({ id }) => decisions.get(id)?.sampled).map((row) => chosenRow(row, findings)),
    states: gateStates,
  };
}

function chosenRow({ id, prompt, source }: PreferenceRow, findings: SamplingFindings): ChosenRow {
  const { lost, backfilled } = findings;
  return {
    prompt,
    ...(source !== undefined && { source }),
    lossReason: lossReasonOf(id, findings),
    isOffline: lost.has(id),
    isBackfilled: backfilled.has(id),
  };
}

function lossReasonOf(id: string, { lost, pairings, failureReasons, samples }: SamplingFindings): string | undefined {
  const closedBy = lost.get(id);
  if (closedBy) return CLOSED_GATE_REASONS[closedBy];
  if (pairings.get(id)?.kind !== 'invalid') return undefined;
  return failureReasons.get(id) ?? (samples.has(id) ? SAMPLES_EMPTY : NOT_GENERATED);
}

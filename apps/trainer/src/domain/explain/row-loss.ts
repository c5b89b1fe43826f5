/** @file Why a row that the gate chose was not annotated. */
import type { ClosingReason } from '#report';
import type { Admitted, Opening } from '../budget/spending.js';
import { CLOSED_GATE_REASONS } from '../degrade/row-losses.js';
import type { RowAnnotation } from './row-annotation.js';
import type { UnitReader } from './unit-reader.js';

export async function lossReason(
  { reader }: { readonly reader: UnitReader },
  {
    iteration,
    phase,
    annotation,
  }: { readonly iteration: number; readonly phase: string; readonly annotation: RowAnnotation | undefined },
): Promise<string> {
  if (annotation) return CLOSED_GATE_REASONS.annotator;
  const closings: ClosingReason[] = [];
  for (const decisions of ['annotate/opening', `${phase}/admission`]) {
    for (const unit of await reader.units(iteration, decisions)) {
      const decision = await reader.result<Opening | Admitted>(unit);
      if (decision?.closedBy) closings.push(decision.closedBy);
    }
  }
  const [first] = closings;
  return first ? CLOSED_GATE_REASONS[first] : '';
}

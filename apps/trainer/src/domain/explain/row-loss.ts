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
    phases,
    annotation,
  }: {
    readonly iteration: number;
    /** Of all passes. */
    readonly phases: readonly string[];
    readonly annotation: RowAnnotation | undefined;
  },
): Promise<string> {
  const closings: ClosingReason[] = [];
  // What a pass left out since the annotator was away, a later one may have left out for another reason.
  const open = annotation ? phases.slice(phases.indexOf(annotation.place.key.phase) + 1) : phases;
  const admissions = open.map((phase) => `${phase}/admission`);
  for (const decisions of annotation ? admissions : ['annotate/opening', ...admissions]) {
    for (const unit of await reader.units(iteration, decisions)) {
      const decision = await reader.result<Opening | Admitted>(unit);
      if (decision?.closedBy) closings.push(decision.closedBy);
    }
  }
  const [first = annotation && 'annotator'] = closings;
  return first ? CLOSED_GATE_REASONS[first] : '';
}

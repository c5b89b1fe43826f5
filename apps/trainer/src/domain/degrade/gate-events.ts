/** @file When the gate closed and opened again, from what was known before each unit. */
import type { ClosingReason, GateEvent } from '#report';

/** How the gate was before an annotation unit. */
export interface GateState {
  readonly iteration: number;
  /** Units of a back-fill follow those of the iteration. */
  readonly unit: number;
  /** Undefined while it was open. */
  readonly closedBy: ClosingReason | undefined;
}

/** The changes, in order. A gate that is open at first tells nothing. */
export function gateEvents(states: readonly GateState[]): GateEvent[] {
  const events: GateEvent[] = [];
  let closedBy: ClosingReason | undefined;
  for (const state of states.toSorted((a, b) => a.iteration - b.iteration || a.unit - b.unit)) {
    const { iteration, unit } = state;
    if (state.closedBy === closedBy) continue;
    if (closedBy !== undefined && state.closedBy === undefined) {
      events.push({ kind: 'reopened', iteration, unit, reason: closedBy });
    }
    if (state.closedBy !== undefined) events.push({ kind: 'closed', iteration, unit, reason: state.closedBy });
    ({ closedBy } = state);
  }
  return events;
}

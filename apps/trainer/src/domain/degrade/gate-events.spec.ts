import { describe, it } from 'node:test';
import { deepEqual } from 'node:assert/strict';
import { gateEvents, type GateState } from './gate-events.js';

const state = (iteration: number, unit: number, closedBy?: GateState['closedBy']): GateState => {
  return { iteration, unit, closedBy };
};

describe('the events of the gate', () => {
  it('are none while it is open', () => {
    deepEqual(gateEvents([state(0, 0), state(0, 1), state(1, 0)]), []);
  });

  it('tell each change once, in the order of units', () => {
    deepEqual(
      gateEvents([
        state(1, 0, 'annotator'),
        state(0, 2, 'annotator'),
        state(0, 0),
        state(0, 1, 'annotator'),
        state(1, 3),
        state(1, 5, 'budget'),
        state(2, 0, 'budget'),
      ]),
      [
        { kind: 'closed', iteration: 0, unit: 1, reason: 'annotator' },
        { kind: 'reopened', iteration: 1, unit: 3, reason: 'annotator' },
        { kind: 'closed', iteration: 1, unit: 5, reason: 'budget' },
      ],
    );
  });

  it('tell of a gate that is closed for another reason', () => {
    deepEqual(gateEvents([state(0, 4, 'annotator'), state(1, 0, 'time')]), [
      { kind: 'closed', iteration: 0, unit: 4, reason: 'annotator' },
      { kind: 'closed', iteration: 1, unit: 0, reason: 'time' },
    ]);
  });
});

/**
 * Goal: a run in which nothing could be scored goes on once that is mended, as if it had never been. Method: a toy policy that
 * fails on every pair, unit by unit, so that the gate has been asked about the first ones before the last one fails.
 */
import { describe, it } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { join } from 'node:path';
import { runOutputs } from '../../../../../test/support/run-outputs.js';
import { ToyPolicy } from '../../testing/toy-policy.js';
import { temporaryFolder, toyRun, toyServices } from '../../testing/toy-run.js';
import type { ScoreResult, ScoreUnit } from '../ports/policy-port.js';

class BlindPolicy extends ToyPolicy {
  isBlind = true;

  override async score(unit: ScoreUnit): Promise<ScoreResult> {
    const scored = await super.score(unit);
    const arePairs = unit.items.every(({ responses }) => responses.length === 2);
    if (!this.isBlind || !arePairs) return scored;
    return scored.map(() => ({ ok: false, failure: { reason: 'SEQUENCE_TOO_LONG', message: 'no room' } }));
  }
}

describe('a run in which nothing could be scored', () => {
  it('stops by name, and goes on as if nothing had been once that is mended', async () => {
    const rowCount = 60;
    const folder = temporaryFolder();
    const policy = new BlindPolicy();
    const services = { ...toyServices(), policy };
    const blind = await toyRun({ folder, rowCount, services });
    equal(blind.failure?.reason, 'PHASE_FAILED');
    policy.isBlind = false;
    const mended = await toyRun({ folder, rowCount, services });
    deepEqual([mended.failure, mended.state], [undefined, 'succeeded']);

    const untroubled = temporaryFolder();
    await toyRun({ folder: untroubled, rowCount });
    deepEqual(runOutputs(join(folder, 'run')).adapter, runOutputs(join(untroubled, 'run')).adapter);
  });
});

import { describe, it } from 'node:test';
import { equal, ok } from 'node:assert/strict';
import { Rng } from '#core';
import { compareLosses } from './loss-comparison.js';

const group = (keptCount: number, lostCount: number) => ({ group: `${keptCount}/${lostCount}`, keptCount, lostCount });

describe('the comparison of lost rows with kept ones', () => {
  it('is silent about too few rows or groups', () => {
    equal(compareLosses([]), undefined);
    equal(compareLosses([group(100, 50)]), undefined);
    equal(compareLosses([group(3, 1), group(2, 2), group(100, 30)]), undefined);
    equal(compareLosses([group(50, 0), group(60, 0)]), undefined);
  });

  it('sees groups that lose more than others', () => {
    const found = compareLosses([group(90, 10), group(80, 20), group(50, 50)]);
    ok(found && found.differs);
    equal(found.degreesOfFreedom, 2);
    // Σ (lost − n q)² / (n q (1 − q)) with q = 80 / 300, by hand.
    ok(Math.abs(found.chiSquare - 44.318) < 1e-3, String(found.chiSquare));
  });

  it('calls chance a difference in about one case of twenty', () => {
    const rng = new Rng('losses');
    let alarms = 0;
    for (let trial = 0; trial < 400; trial++) {
      const groups = Array.from({ length: 5 }, () => {
        const lost = Array.from({ length: 80 }, () => rng.uniform()).filter((u) => u < 0.3).length;
        return group(80 - lost, lost);
      });
      if (compareLosses(groups)?.differs) alarms += 1;
    }
    ok(alarms > 6 && alarms < 40, `${alarms} of 400`);
  });

  it('takes small groups together', () => {
    const small = Array.from({ length: 6 }, () => group(6, 2));
    equal(compareLosses([...small, group(120, 40)])?.degreesOfFreedom, 1);
  });
});

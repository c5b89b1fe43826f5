import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { admit } from './admission.js';
import { forecast, type SpendingProgress } from './forecast.js';

describe('admission', () => {
  it('takes whole prompts in order until one does not fit', () => {
    deepEqual(admit([3, 3, 3], 9), { promptCount: 3, cost: 9, isExhausted: false });
    deepEqual(admit([3, 3, 3], 8), { promptCount: 2, cost: 6, isExhausted: true });
    deepEqual(admit([3, 1], 2), { promptCount: 0, cost: 0, isExhausted: true });
  });

  it('lets pass what the ledger holds, whatever is left', () => {
    deepEqual(admit([0, 0, 2, 0], 0), { promptCount: 2, cost: 0, isExhausted: true });
    deepEqual(admit([], 0), { promptCount: 0, cost: 0, isExhausted: false });
  });

  it('never exceeds the budget by one annotation, and lands within the price of one prompt', () => {
    const units = fc.array(fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(units, fc.integer({ min: 0, max: 200 }), (prices, limit) => {
        let spent = 0;
        let isOpen = true;
        for (const unit of prices) {
          if (!isOpen) break;
          const { cost, isExhausted } = admit(unit, limit - spent);
          spent += cost;
          isOpen = !isExhausted;
        }
        ok(spent <= limit, `${spent} of ${limit}`);
        if (!isOpen) ok(limit - spent < 8, `${spent} of ${limit}`);
      }),
    );
  });
});

describe('the forecast', () => {
  const start: SpendingProgress = {
    spent: 0,
    annotatedPrompts: 0,
    gatedRows: 100,
    chosenRows: 60,
    openPrompts: 60,
    laterRows: 200,
    samplesPerPrompt: 8,
  };

  it('counts K per prompt before the first one, and takes the gate as it was so far', () => {
    deepEqual(forecast(start, undefined), {
      annotations: (60 + 120) * 8,
      annotationsUncapped: (60 + 120) * 8,
      isCapped: false,
    });
  });

  it('then counts what a prompt did cost', () => {
    equal(forecast({ ...start, spent: 60, annotatedPrompts: 10, openPrompts: 50 }, undefined).annotations, 1080);
  });

  it('is capped by the budget, and says so', () => {
    deepEqual(forecast(start, 500), { annotations: 500, annotationsUncapped: 1440, isCapped: true });
    deepEqual(forecast(start, 1440).isCapped, false);
  });

  it('is what was spent when nothing is to come', () => {
    equal(forecast({ ...start, spent: 417, annotatedPrompts: 60, openPrompts: 0, laterRows: 0 }, 500).annotations, 417);
  });
});

import { describe, it } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { lossReport, type ChosenRow } from './row-losses.js';

function row(length: number, lossReason?: string, source?: string): ChosenRow {
  return {
    prompt: { form: 'text', text: 'x'.repeat(length) },
    lossReason,
    isOffline: lossReason !== undefined,
    isBackfilled: false,
    ...(source !== undefined && { source }),
  };
}

describe('the bias audit', () => {
  it('counts lost rows by reason, the most frequent first', () => {
    const { chosenCount, lostCount, reasons } = lossReport([
      row(10),
      row(10, 'BUDGET_SPENT'),
      row(10, 'ANNOTATOR_DOWN'),
      row(10, 'ANNOTATOR_DOWN'),
    ]);
    deepEqual([chosenCount, lostCount], [4, 3]);
    deepEqual(reasons, [
      { reason: 'ANNOTATOR_DOWN', rowCount: 2 },
      { reason: 'BUDGET_SPENT', rowCount: 1 },
    ]);
  });

  it('sets lost beside kept by length of the prompt, in groups that double', () => {
    const { byPromptLength } = lossReport([row(0), row(31, 'A'), row(32), row(63), row(64, 'A'), row(200)]);
    deepEqual(byPromptLength, [
      { group: 'under 32', keptCount: 1, lostCount: 1 },
      { group: '32 to 63', keptCount: 2, lostCount: 0 },
      { group: '64 to 127', keptCount: 0, lostCount: 1 },
      { group: '128 to 255', keptCount: 1, lostCount: 0 },
    ]);
  });

  it('adds up the messages of a conversation', () => {
    const conversation = { messages: [{ role: 'ROLE_USER' as const, content: 'x'.repeat(40) }, {}, { content: 'y' }] };
    const { byPromptLength } = lossReport([{ ...row(0), prompt: { form: 'conversation', conversation } }]);
    equal(byPromptLength[0]?.group, '32 to 63');
  });

  it('sets lost beside kept by source, where any row names one', () => {
    deepEqual(lossReport([row(1)]).bySource, []);
    deepEqual(lossReport([row(1, undefined, 'b'), row(1, 'A', 'a'), row(1, 'A')]).bySource, [
      { group: '(none)', keptCount: 0, lostCount: 1 },
      { group: 'a', keptCount: 0, lostCount: 1 },
      { group: 'b', keptCount: 1, lostCount: 0 },
    ]);
  });
});

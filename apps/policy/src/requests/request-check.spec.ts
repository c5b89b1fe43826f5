import { deepEqual, doesNotThrow, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestInvalidError } from '#core';
import { RequestCheck } from './request-check.js';

function problemsOf(run: (check: RequestCheck) => void): { field: string; description: string }[] {
  const check = new RequestCheck();
  run(check);
  let problems: { field: string; description: string }[] = [];
  throws(
    () => check.finish(),
    (error) => {
      problems = [...(error as RequestInvalidError).fieldProblems];
      return error instanceof RequestInvalidError;
    },
  );
  return problems;
}

describe('request check', () => {
  it('collects every problem before it refuses', () => {
    const problems = problemsOf((check) => {
      check.expect(false, 'a', 'one', 'two');
      check.expect(true, 'b', 'one', 'one');
      check.expect(false, 'c', 'a number', Number.NaN);
    });
    deepEqual(problems, [
      { field: 'a', description: 'expected one, got "two"' },
      { field: 'c', description: 'expected a number, got NaN' },
    ]);
  });

  it('names empty lists, too many items, empty ids and ids that are there twice', () => {
    deepEqual(
      problemsOf((check) => check.expectItems([], 2)).map(({ field }) => field),
      ['items'],
    );
    const items = ['x', '', 'x'].map((itemId) => ({ itemId }));
    deepEqual(
      problemsOf((check) => check.expectItems(items, 2)).map(({ field }) => field),
      ['items', 'items[1].item_id', 'items[2].item_id'],
    );
  });

  it('uses the error of a part only when every problem lies in it', () => {
    const part = { fields: /^sampling/, make: () => new RangeError('sampling') };
    const inside = new RequestCheck();
    inside.expect(false, 'sampling.top_p', 'x', 0);
    throws(() => inside.finish(part), RangeError);
    inside.expect(false, 'items', 'x', 0);
    throws(() => inside.finish(part), RequestInvalidError);
    doesNotThrow(() => new RequestCheck().finish(part));
  });
});

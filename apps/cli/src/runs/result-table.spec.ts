import { describe, it } from 'node:test';
import { equal, match } from 'node:assert/strict';
import { reportFixture } from '../../../../test/support/report-data.js';
import { textTable } from '../terminal/text-table.js';
import { resultText } from './result-table.js';

describe('the result in the terminal', () => {
  it('has a line per stage with the mean of every judge, the interval and the annotations', () => {
    const text = resultText(reportFixture());
    match(text, /^mean score {2,}demo-reward {2,}afinn {2,}vader {2,}KL to SFT {2,}distinct-2\n/);
    for (const stage of ['SFT', 'warm-up', 'iteration 1', 'iteration 2', 'final'])
      match(text, new RegExp(`^${stage} `, 'm'));
    match(text, /demo-reward: 0\.20 → 0\.35, 95 % interval of the difference \+0\.\d\d to \+0\.\d\d \(299 prompts\)/);
    match(text, /annotations: [\d,]+ of 9,216 \(\d\d %\), 16 from the ledger/);
  });

  it('repeats the warnings of the report', () => {
    match(resultText(reportFixture({ topWordShare: 0.34 })), /note: The word “peace”/);
  });

  it('does without evaluations', () => {
    match(resultText({ ...reportFixture(), evaluations: [] }), /^annotations: /);
  });
});

describe('tables in plain text', () => {
  it('put names to the left and figures to the right', () => {
    equal(
      textTable([
        ['name', 'a', 'bb'],
        ['x', '1.00', '2'],
      ]),
      'name     a  bb\nx     1.00   2\n',
    );
  });
});

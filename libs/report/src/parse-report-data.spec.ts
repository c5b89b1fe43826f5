import { describe, it } from 'node:test';
import { deepEqual, ok, throws } from 'node:assert/strict';
import { reportFixture } from '../../../test/support/report-data.js';
import { parseReportData } from './parse-report-data.js';

describe('report.json', () => {
  it('comes back as it was written', () => {
    const data = reportFixture();
    deepEqual(parseReportData(JSON.stringify(data), 'report.json'), data);
  });

  it('reads null as a figure that is undefined', () => {
    const data = reportFixture();
    const [first, ...others] = data.iterations;
    const text = JSON.stringify({ ...data, iterations: [{ ...first!, meanLoss: Number.NaN }, ...others] });
    ok(Number.isNaN(parseReportData(text, 'report.json').iterations[0]!.meanLoss));
  });

  it('names what is wrong and where', () => {
    throws(() => parseReportData('{', 'runs/a/report.json'), {
      code: 'REPORT_DATA_INVALID',
      message: /runs\/a\/report\.json/,
    });
    throws(() => parseReportData(JSON.stringify({ ...reportFixture(), seed: 'one', state: 'odd' }), 'r'), {
      code: 'REPORT_DATA_INVALID',
      message: /seed: .*; state: /,
    });
  });
});

/** @file Errors of reports. */
import { AppError } from '#core';

/** Thrown when `report.json` does not hold what a page can be drawn from. Maps to INVALID_ARGUMENT. */
export class ReportDataInvalidError extends AppError {
  readonly code = 'REPORT_DATA_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(problems: readonly string[], where: string) {
    super(
      `Expected a report of schema metaapo.report/1 in ${where}, got: ${problems.join('; ')}. ` +
        'Write it again by going on with the run: metaapo run CONFIG.yaml --run-dir DIR',
      { facts: { where, problemCount: problems.length } },
    );
  }
}

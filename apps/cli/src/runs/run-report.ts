/** @file The report in a run's directory: read back, drawn again. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '#core';
import { parseReportData, renderReportHtml, type ReportData } from '#report';
import { FileUnusableError, UsageError } from '../cli.errors.js';

/** Reads `report.json` of a run. @throws UsageError when there is none, `REPORT_DATA_INVALID` when it is another thing */
export async function readReport(runDirectory: string): Promise<ReportData> {
  const path = join(runDirectory, 'report.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(
      `Expected the directory of a run that has written its report, got ${runDirectory}: ${messageOf(cause)}`,
      { cause },
    );
  });
  return parseReportData(text, path);
}

/** Draws `report.html` again from `report.json`; gives its path. A reader never sees half a page. */
export async function drawReport(runDirectory: string): Promise<string> {
  const page = await renderReportHtml(await readReport(runDirectory));
  const path = join(runDirectory, 'report.html');
  try {
    await writeFile(`${path}.partial`, page);
    await rename(`${path}.partial`, path);
  } catch (cause) {
    throw new FileUnusableError(`The report cannot be written to ${path}: ${messageOf(cause)}`, { cause });
  }
  return path;
}

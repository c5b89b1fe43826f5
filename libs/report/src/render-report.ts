/** @file The page, with what draws its charts loaded only then: most who read a report only count. */
import type { ReportData } from './report-data.js';

/** Renders the page. The same data gives the same bytes. */
export async function renderReportHtml(data: ReportData): Promise<string> {
  const page = await import('./page/render-report-html.js');
  return page.renderReportHtml(data);
}

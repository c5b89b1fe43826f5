/** @file The end of a run in the terminal: mean score by stage and judge, annotations, and what deserves suspicion. */
import { count, fixed, interval, meanScore, percent, stageName, summarize, type ReportData } from '#report';
import { textTable } from '../terminal/text-table.js';

/** A short table and the report's own warnings; ends with a line break. */
export function resultText(data: ReportData): string {
  const summary = summarize(data);
  const rows = data.evaluations.map((snapshot) => [
    stageName(snapshot.stage),
    ...summary.judges.map((judge) => fixed(meanScore(snapshot, judge), 3)),
    fixed(snapshot.klToSft),
    fixed(snapshot.distinct[1]),
  ]);
  const table = textTable([['mean score', ...summary.judges, 'KL to SFT', 'distinct-2'], ...rows]);
  const { used, total, fromLedger } = data.annotations;
  const { headline } = summary;
  const lines = [
    headline &&
      `${data.trainingReward}: ${fixed(headline.meanBefore)} → ${fixed(headline.meanAfter)}, ` +
        `95 % interval of the difference ${interval(headline.low, headline.high)} (${headline.pairCount} prompts)`,
    `annotations: ${count(used)} of ${count(total)} (${percent(summary.annotationShare)}), ${count(fromLedger)} from the ledger`,
    ...summary.warnings.map((warning) => `note: ${warning}`),
  ].filter((line) => line !== undefined);
  return `${data.evaluations.length > 0 ? `${table}\n` : ''}${lines.map((line) => `${line}\n`).join('')}`;
}

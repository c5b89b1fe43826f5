/** @file Reward before and after, by every judge, with paired-bootstrap intervals. */
import { differenceChart } from '../charts/reward-charts.js';
import { count, fixed, interval, signed, stageName } from '../markup/format.js';
import { html, type HtmlValue, type Markup } from '../markup/html.js';
import type { EvaluationSnapshot, ReportData } from '../report-data.js';
import { meanScore, mixedJudges, type ReportSummary } from '../summary.js';
import { RESAMPLE_COUNT } from '../statistics/bootstrap.js';
import { absent, figure, section, smallMultiples, table } from './figure.js';

export function rewards(data: ReportData, summary: ReportSummary): Markup {
  return section({
    id: 'rewards',
    title: 'Reward before and after',
    lead: html`The same held-out prompts, answered by sampling before and after training. The held-out judges never
    annotated: a gain that only the training reward sees is a gain in pleasing that reward.`,
    body: summary.after === undefined ? absent('No two evaluations to compare.') : comparison(data, summary),
  });
}

function comparison(data: ReportData, { judges, differences, before, after }: ReportSummary): Markup {
  const final = differences.filter(({ stage }) => stage === after?.stage);
  const rows = final.map((row) => [
    html`${row.judge}
    ${row.judge === data.trainingReward ? html`<small>training reward</small>` : html`<small>held out</small>`}`,
    fixed(row.meanBefore, 3),
    fixed(row.meanAfter, 3),
    html`<b>${signed(row.difference, 3)}</b>`,
    interval(row.low, row.high, 3),
    count(row.pairCount),
  ]);
  return html`${table({
      label: 'Reward before and after by judge',
      head: [
        'Judge',
        stageName(before?.stage ?? 'before'),
        stageName(after?.stage ?? 'after'),
        'Difference',
        '95 % interval',
        'Prompts',
      ],
      rows,
    })}
    ${smallMultiples(judges.map((judge) => judgeFigure(data, judge, differences)))}
    <p class="note">
      Difference of the mean score to ${stageName(before?.stage ?? 'the start')} at each stage, with 95 % intervals. A
      bar that clears the dashed line is a change that the choice of prompts does not explain.
    </p>
    ${stageTable(data, judges)}
    <p class="note">
      Intervals: paired bootstrap over prompts, ${count(RESAMPLE_COUNT)} resamples, percentiles; draws seeded by the
      run. They tell how sure the difference is for other prompts of this kind under this one trained policy. Another
      training seed gives another policy, and that spread is not in them.
    </p> `;
}

function judgeFigure(data: ReportData, judge: string, differences: ReportSummary['differences']): Markup {
  const role = judge === data.trainingReward ? 'training reward' : 'held-out judge';
  return figure(html`${judge} <small>${role}</small>`, differenceChart(judge, differences));
}

function stageTable(data: ReportData, judges: readonly string[]): Markup {
  const mixed = mixedJudges(data);
  return table({
    label: 'Mean score by stage and judge',
    head: ['Mean score', ...judges],
    rows: data.evaluations.map((snapshot) => [
      stageName(snapshot.stage),
      ...judges.map((judge) => meanCell(snapshot, judge, mixed.includes(judge))),
    ]),
  });
}

/** With the epoch where stages were judged by different models. */
function meanCell(snapshot: EvaluationSnapshot, judge: string, isMixed: boolean): HtmlValue {
  const figures = fixed(meanScore(snapshot, judge), 3);
  const epoch = snapshot.judged.find((judged) => judged.judge === judge)?.epoch;
  return isMixed && epoch !== undefined ? html`${figures} <small>epoch ${epoch}</small>` : figures;
}

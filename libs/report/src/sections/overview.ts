/** @file The top of the page: what came out, in one sentence and four figures, and what deserves suspicion. */
import { count, fixed, interval, percent, signed, stageName } from '../markup/format.js';
import { html, type HtmlValue, type Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import { mixedJudges, type ReportSummary } from '../summary.js';

export function overview(data: ReportData, summary: ReportSummary): Markup {
  return html`<header>
    <p class="eyebrow">metaapo run report</p>
    <h1>${data.name}</h1>
    <p class="headline">${headline(data, summary)}</p>
    <p class="facts">Preset ${data.preset} · seed ${data.seed} · ${data.state} · run ${data.runId}</p>
    ${summary.warnings.length > 0 && warnings(summary.warnings)}
    <dl class="tiles">${tiles(data, summary)}</dl>
  </header> `;
}

/** The result as a sentence. */
function headline(data: ReportData, { headline: result, annotationShare }: ReportSummary): HtmlValue {
  const { used, total } = data.annotations;
  const paid =
    total > 0
      ? html`The run paid for
          <strong>${count(used)} of the ${count(total)} annotations</strong> (${percent(annotationShare)}) that sampling
          every prompt would have cost.`
      : html`The run paid for no annotations.`;
  if (result === undefined && mixedJudges(data).includes(data.trainingReward)) {
    return html`${data.trainingReward} was swapped between the first evaluation and the last: their means are not
    compared. ${paid}`;
  }
  if (result === undefined) return html`No reward before and after training was measured yet. ${paid}`;
  return html`On ${count(result.pairCount)} held-out prompts the mean of ${data.trainingReward} went from
    <strong>${fixed(result.meanBefore)} to ${fixed(result.meanAfter)}</strong>, a change of ${signed(result.difference)}
    (95 % interval ${interval(result.low, result.high)}). ${paid}`;
}

function warnings(lines: readonly string[]): Markup {
  return html`<ul class="warnings" aria-label="Warnings">
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul> `;
}

function tiles(data: ReportData, summary: ReportSummary): readonly Markup[] {
  const { after, differences, annotationShare } = summary;
  const judged = differences
    .filter(({ stage }) => stage === after?.stage)
    .slice(0, 3)
    .map(({ judge, meanBefore, meanAfter, low, high }) =>
      tile(
        judge,
        html`${fixed(meanBefore)} <span class="arrow">→</span> ${fixed(meanAfter)}`,
        html`${judge === data.trainingReward ? 'training reward' : 'held-out judge'}, ${interval(low, high)}`,
      ),
    );
  const { used, total, fromLedger } = data.annotations;
  return [
    ...judged,
    tile(
      'annotations',
      html`${count(used)} / ${count(total)}`,
      `${percent(annotationShare)} of all, ${count(fromLedger)} from the ledger`,
    ),
    after && tile('KL to SFT', fixed(after.klToSft), 'nats per response'),
    after && tile('distinct-2', fixed(after.distinct[1]), `${stageName(after.stage)}, share of distinct bigrams`),
  ].filter((shown) => shown !== undefined);
}

function tile(name: string, value: HtmlValue, note: HtmlValue): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd><b>${value}</b><small>${note}</small></dd>
  </div> `;
}

/** @file What was paid for, iteration by iteration. */
import { annotationRatioChart } from '../charts/annotation-charts.js';
import { count, fixed, percent } from '../markup/format.js';
import { html, type Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import { absent, figureBeside, section, table } from './figure.js';
import { spending } from './spending.js';

export function annotations(data: ReportData): Markup {
  const { used, total, fromLedger, evaluation } = data.annotations;
  const share = total > 0 ? used / total : 0;
  return section({
    id: 'annotations',
    title: 'Annotations',
    lead: html`Paid: <strong>${count(used)}</strong> of the <strong>${count(total)}</strong> that sampling every prompt
      in every iteration would have cost (${percent(total > 0 ? share : Number.NaN)}). Answered from the ledger and not
      paid again: ${count(fromLedger)}. Scored for this evaluation only, and in neither figure: ${count(evaluation)}.`,
    body: html`<div class="meter" role="img" aria-label="${percent(share)} of all annotations paid">
        <span style="width:${(100 * Math.min(1, share)).toFixed(2)}%"></span>
      </div>
      ${data.spending && spending(data.spending)}
      ${data.iterations.length === 0 ? absent('No iteration has ended.') : iterations(data)}`,
  });
}

function iterations(data: ReportData): Markup {
  return html`${figureBeside(
    'Annotation ratio per iteration',
    annotationRatioChart(data.iterations),
    html`Each prompt is sampled with probability 1 − w. An untrained gate already skips some, so a ratio below one is no
    merit by itself: set it against a random gate of the same ratio.`,
  )}
  ${table({
    label: 'Iterations',
    head: [
      'Iteration',
      'prompts',
      'sampled',
      'paid',
      'pairs',
      'ties',
      'invalid',
      'truncated',
      'steps',
      'meta updates',
      'mean loss',
    ],
    rows: data.iterations.map((iteration) => [
      String(iteration.iteration + 1),
      count(iteration.promptCount),
      count(iteration.sampledCount),
      count(iteration.annotationCount),
      count(iteration.pairCount),
      count(iteration.droppedTieCount),
      count(iteration.droppedInvalidCount),
      count(iteration.truncatedCount),
      count(iteration.optimizerStepCount),
      count(iteration.metaUpdateCount),
      fixed(iteration.meanLoss, 4),
    ]),
  })}`;
}

/** @file What the meta-learner saw and what it learned, with the control that a reader needs to judge it. */
import { Rng } from '#core';
import { curveChart } from '../charts/curve-chart.js';
import { MARK_COUNT_MAX, gateChart, gateLimits } from '../charts/gate-charts.js';
import { count, fixed, interval } from '../markup/format.js';
import { html, type HtmlValue, type Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import {
  SHUFFLE_COUNT,
  shuffledControl,
  type ScoredRow,
  type ShuffledControl,
} from '../statistics/shuffled-control.js';
import { absent, columns, figure, figureBeside, section } from './figure.js';

export function gate(data: ReportData): Markup {
  const curved = data.iterations.filter(({ curve }) => curve.length > 0);
  return section({
    id: 'gate',
    title: 'What the gate learned',
    lead: html`h<sub>φ</sub> turns a row’s agreement s with its offline pair into a weight w: the offline pair’s share
      of the loss, and the probability of <em>not</em> asking for annotations.`,
    body: html`${
      curved.length === 0
        ? absent('This run has no learned curve.')
        : figureBeside(
            'Learned curve, by iteration',
            curveChart(curved),
            html`The number marks the iteration, later ones stronger; ticks are the scores of the last iteration’s rows.
            How far the curve moves follows the number of meta updates (${count(metaUpdateCount(data))} here), and a
            random gate moves it much the same way: read it beside the control below.`,
          )
    }
    ${scatter(data)}`,
  });
}

function metaUpdateCount(data: ReportData): number {
  return data.iterations.reduce((sum, iteration) => sum + iteration.metaUpdateCount, 0);
}

function scatter(data: ReportData): Markup {
  const points = data.iterations.flatMap((iteration) => iteration.gate);
  if (points.length === 0) return absent('No row went through the gate.');
  const rows = points.flatMap(({ ellOff, ellOn }): ScoredRow[] => (ellOn === undefined ? [] : [{ ellOff, ellOn }]));
  const dropped = points.filter(({ sampled, ellOn }) => sampled && ellOn === undefined).map(({ ellOff }) => ellOff);
  const unsampled = points.filter(({ sampled }) => !sampled).map(({ ellOff }) => ellOff);
  const control = shuffledControl(rows, new Rng('report shuffle', data.seed));
  const limits = gateLimits(rows, control.rows, [...dropped, ...unsampled]);
  const shared = { dropped, unsampled, limits };
  return html`${legend(rows.length, dropped.length, unsampled.length)}
  ${columns(
    figure(
      html`Gain ℓ<sub>on</sub> − ℓ<sub>off</sub> against ℓ<sub>off</sub>`,
      gateChart({ ...shared, rows, description: 'Gain of the online pair against the score of the offline pair' }),
      html`One dot per sampled row, all iterations. The downward slope is built in: the gain holds −ℓ<sub>off</sub>.
      ${slopeText(control)}`,
    ),
    figure(
      html`Control: ℓ<sub>on</sub> shuffled across rows`,
      gateChart({ ...shared, rows: control.rows, description: 'The same with online scores shuffled across rows' }),
      html`The same rows with every ℓ<sub>on</sub> moved to another row. Only where the left chart differs from this one
        do the online pairs say something about <em>their</em> rows.${
          control.shuffledSlopes &&
          html` Slope over ${count(SHUFFLE_COUNT)} shuffles: ${interval(...control.shuffledSlopes)} (middle 95 %).`
        }`,
    ),
  )}`;
}

function slopeText({ slope, shuffledSlopes }: ShuffledControl): HtmlValue {
  if (slope === undefined || shuffledSlopes === undefined) return 'Too few rows for a slope.';
  const [low, high] = shuffledSlopes;
  const verdict =
    slope < low || slope > high
      ? 'outside what shuffling gives: a row’s online score goes with its offline score'
      : 'within what shuffling gives: no sign that a row’s online score goes with its offline score';
  return html`Slope ${fixed(slope)}, ${verdict}.`;
}

function legend(rowCount: number, droppedCount: number, unsampledCount: number): Markup {
  const most = Math.max(rowCount, droppedCount, unsampledCount);
  return html`<ul class="legend">
    <li><i class="dot"></i>sampled (${count(rowCount)})</li>
    <li><i class="tick grey"></i>not sampled: no ℓ<sub>on</sub> (${count(unsampledCount)})</li>
    ${droppedCount > 0 && html`<li><i class="tick orange"></i>sampled, pair dropped (${count(droppedCount)})</li>`}
    ${most > MARK_COUNT_MAX && html`<li>at most ${count(MARK_COUNT_MAX)} of a kind are drawn</li>`}
  </ul> `;
}

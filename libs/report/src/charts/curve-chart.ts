/** @file The learned curve h_φ, iteration by iteration (MetaAPO, arXiv 2509.23371, Fig. 4). */
import * as Plot from '@observablehq/plot';
import type { Markup } from '../markup/html.js';
import type { IterationReport } from '../report-data.js';
import { INK, chart, thinned } from './svg.js';

/** Scores drawn below the curve, at most. */
const RUG_COUNT_MAX = 400;

/** h_φ(s) at the end of each iteration; the ticks below are the scores of the last iteration's rows. */
export function curveChart(iterations: readonly IterationReport[]): Markup {
  const points = iterations.flatMap(({ iteration, curve }) => curve.map((point) => ({ ...point, iteration })));
  const first = Math.min(...points.map(({ score }) => score));
  const last = Math.max(...points.map(({ score }) => score));
  const scores = (iterations.at(-1)?.gate ?? []).map(({ score }) => score).filter((s) => s >= first && s <= last);
  const labels = points.filter(({ score }) => score === widestScore(iterations));
  const strength = (point: { iteration: number }): number => 0.3 + (0.7 * (point.iteration + 1)) / iterations.length;
  return chart({
    description: 'Weight of the offline pair as a function of its score, by iteration',
    marginLeft: 44,
    marginRight: 28,
    x: { domain: [first, last], label: 's, agreement with the offline pair →' },
    y: { domain: [0, 1], label: '↑ w = h(s)', grid: true },
    opacity: { type: 'identity' },
    marks: [
      Plot.ruleX(thinned(scores, RUG_COUNT_MAX), {
        x: (s) => s,
        y1: 0,
        y2: 0.035,
        stroke: INK.muted,
        strokeOpacity: 0.5,
      }),
      Plot.line(points, {
        x: 'score',
        y: 'weight',
        z: 'iteration',
        stroke: INK.primary,
        strokeWidth: 2,
        strokeOpacity: strength,
      }),
      Plot.text(labels, {
        x: 'score',
        y: 'weight',
        text: (label) => String(label.iteration + 1),
        dx: 8,
        textAnchor: 'start',
        fill: INK.primary,
      }),
    ],
  });
}

/** The score at which the curves lie furthest apart, where their names can be read; all share one grid of scores. */
function widestScore(iterations: readonly IterationReport[]): number {
  const grid = iterations[0]?.curve ?? [];
  const spreads = grid.map((_, i) => {
    const weights = iterations.map(({ curve }) => curve[i]?.weight ?? 0);
    return Math.max(...weights) - Math.min(...weights);
  });
  return grid[spreads.indexOf(Math.max(...spreads))]?.score ?? 0;
}

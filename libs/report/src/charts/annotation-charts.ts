/** @file Where the annotations went. */
import * as Plot from '@observablehq/plot';
import { percent } from '../markup/format.js';
import type { Markup } from '../markup/html.js';
import type { IterationReport } from '../report-data.js';
import { INK, chart } from './svg.js';

/** Share of each iteration's prompts that the gate sampled. */
export function annotationRatioChart(iterations: readonly IterationReport[]): Markup {
  const bars = iterations.map(({ iteration, sampledCount, promptCount }) => ({
    name: String(iteration + 1),
    share: promptCount > 0 ? sampledCount / promptCount : 0,
  }));
  return chart({
    description: 'Share of prompts sampled and annotated, by iteration',
    height: 240,
    marginLeft: 48,
    x: { domain: bars.map(({ name }) => name), label: 'iteration', tickSize: 0, padding: 0.4 },
    y: {
      domain: [0, 1],
      label: '↑ share of prompts annotated',
      grid: true,
      tickFormat: (value: number) => percent(value),
    },
    marks: [
      Plot.barY(bars, { x: 'name', y: 'share', fill: INK.primary, fillOpacity: 0.8 }),
      Plot.text(bars, { x: 'name', y: 'share', text: (bar) => percent(bar.share), dy: -8, fill: 'currentColor' }),
      Plot.ruleY([0], { stroke: INK.muted }),
      Plot.ruleY([1], { stroke: INK.muted, strokeDasharray: '3 3' }),
    ],
  });
}

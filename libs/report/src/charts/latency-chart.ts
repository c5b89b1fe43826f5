/** @file How long the units of each phase took. */
import * as Plot from '@observablehq/plot';
import { duration } from '../markup/format.js';
import type { Markup } from '../markup/html.js';
import type { PhaseLatency } from '../report-data.js';
import { INK, chart } from './svg.js';

/** Shortest time that the logarithmic axis shows. */
const SHOWN_MS_MIN = 0.1;

/** Median (dot), 95th percentile (bar's end) and maximum (tick) of each phase, on a logarithmic axis. */
export function latencyChart(phases: readonly PhaseLatency[]): Markup {
  const rows = phases.map(({ phase, p50Ms, p95Ms, maxMs }) => ({
    phase,
    p50Ms: Math.max(p50Ms, SHOWN_MS_MIN),
    p95Ms: Math.max(p95Ms, SHOWN_MS_MIN),
    maxMs: Math.max(maxMs, SHOWN_MS_MIN),
  }));
  const decades = decadesAround(rows.flatMap(({ p50Ms, maxMs }) => [p50Ms, maxMs]));
  const longest = rows.reduce((most, { phase }) => Math.max(most, phase.length), 0);
  return chart({
    description: 'Latency of units by phase: median, 95th percentile, maximum',
    height: 56 + 30 * rows.length,
    marginLeft: Math.min(160, 16 + 7 * longest),
    marginRight: 24,
    x: {
      type: 'log',
      domain: [decades[0]!, decades.at(-1)!],
      label: 'latency of a unit →',
      grid: true,
      ticks: decades,
      tickFormat: (value: number) => duration(value),
    },
    y: { domain: rows.map(({ phase }) => phase), label: null, tickSize: 0 },
    marks: [
      Plot.ruleY(rows, { y: 'phase', x1: 'p95Ms', x2: 'maxMs', stroke: INK.line, strokeWidth: 1.5 }),
      Plot.ruleY(rows, {
        y: 'phase',
        x1: 'p50Ms',
        x2: 'p95Ms',
        stroke: INK.primary,
        strokeWidth: 5,
        strokeOpacity: 0.35,
      }),
      Plot.tickX(rows, { y: 'phase', x: 'maxMs', stroke: INK.muted, insetTop: 9, insetBottom: 9 }),
      Plot.dot(rows, { y: 'phase', x: 'p50Ms', fill: INK.primary, r: 4 }),
    ],
  });
}

/** Powers of ten from the one below the least value to the one above the greatest, at least two. */
function decadesAround(values: readonly number[]): readonly number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/**
 * @file What the meta-learner sees: the gain ℓ_on − ℓ_off of a row's online pair against ℓ_off, and the same with the
 * online pairs shuffled across rows. A row that was not sampled has no ℓ_on; it is a tick on the axis.
 */
import * as Plot from '@observablehq/plot';
import type { Markup } from '../markup/html.js';
import type { ScoredRow } from '../statistics/shuffled-control.js';
import { INK, chart, thinned } from './svg.js';

/** Marks of one kind drawn, at most. */
export const MARK_COUNT_MAX = 1500;

export interface GateChartOptions {
  readonly description: string;
  /** Sampled rows with both scores. */
  readonly rows: readonly ScoredRow[];
  /** ℓ_off of rows that were sampled but whose pair was dropped. */
  readonly dropped: readonly number[];
  /** ℓ_off of rows that were not sampled. */
  readonly unsampled: readonly number[];
  /** Limits of both axes, shared with the control. */
  readonly limits: GateLimits;
}

export interface GateLimits {
  readonly ellOff: readonly [number, number];
  readonly gain: readonly [number, number];
}

/** Limits that hold the rows and the control alike. */
export function gateLimits(
  rows: readonly ScoredRow[],
  control: readonly ScoredRow[],
  rug: readonly number[],
): GateLimits {
  const ellOff = [...rows.map((row) => row.ellOff), ...rug];
  const gain = [...rows, ...control].map((row) => row.ellOn - row.ellOff);
  return { ellOff: padded(ellOff), gain: padded(gain) };
}

function padded(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low > high) return [-1, 1];
  const margin = Math.max(0.04 * (high - low), 1e-6);
  return [low - margin, high + margin];
}

/** Draws one of the two scatters. */
export function gateChart({ description, rows, dropped, unsampled, limits }: GateChartOptions): Markup {
  const [bottom, top] = limits.gain;
  const lane = 0.05 * (top - bottom);
  const floor = bottom - 2.4 * lane;
  return chart({
    description,
    height: 320,
    marginLeft: 48,
    x: { domain: [...limits.ellOff], label: 'score of the offline pair →' },
    y: { domain: [floor, top], label: '↑ gain, online minus offline score', grid: true },
    marks: [
      Plot.ruleY([0], { stroke: INK.muted, strokeDasharray: '3 3' }),
      Plot.dot(thinned(rows, MARK_COUNT_MAX), {
        x: 'ellOff',
        y: (row: ScoredRow) => row.ellOn - row.ellOff,
        r: 2.5,
        fill: INK.primary,
        fillOpacity: 0.45,
      }),
      rug(dropped, [floor + 1.2 * lane, floor + 2.1 * lane], INK.secondary),
      rug(unsampled, [floor, floor + 0.9 * lane], INK.muted),
    ],
  });
}

function rug(values: readonly number[], [from, to]: readonly [number, number], stroke: string): Plot.Markish {
  return Plot.ruleX(thinned(values, MARK_COUNT_MAX), {
    x: (value) => value,
    y1: from,
    y2: to,
    stroke,
    strokeOpacity: 0.6,
  });
}

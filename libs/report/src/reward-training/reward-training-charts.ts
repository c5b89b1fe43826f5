/** @file The charts of a reward model's training. */
import * as Plot from '@observablehq/plot';
import { INK, chart, thinned } from '../charts/svg.js';
import { fixed, percent } from '../markup/format.js';
import type { Markup } from '../markup/html.js';
import type { ReliabilityBin } from '../statistics/calibration.js';
import { differenceOf } from './reward-training-figures.js';
import type { RewardHeldOutPair, RewardTrainingStep } from './reward-training-data.js';

const STEPS_DRAWN_MAX = 1500;
/** Steps that one point of the smooth line is the mean of, as a share of all. */
const WINDOW_SHARE = 0.1;

/** Loss of each batch, and its running mean; dashed what a model gets that tells nothing apart. */
export function trainingLossChart(steps: readonly RewardTrainingStep[]): Markup {
  const window = Math.max(1, Math.round(steps.length * WINDOW_SHARE));
  return chart({
    description: 'Training loss by optimizer step',
    marginLeft: 44,
    x: { label: 'optimizer step →', nice: true },
    y: { label: '↑ loss', nice: true, grid: true, tickFormat: (value: number) => fixed(value, 2) },
    marks: [
      Plot.ruleY([Math.LN2], { stroke: INK.muted, strokeDasharray: '3 3' }),
      Plot.dot(thinned(steps, STEPS_DRAWN_MAX), { x: 'step', y: 'loss', r: 1.5, fill: INK.primary, fillOpacity: 0.4 }),
      Plot.line(
        steps,
        Plot.windowY({ k: window, strict: false }, { x: 'step', y: 'loss', stroke: INK.primary, strokeWidth: 2 }),
      ),
    ],
  });
}

/** How often claims are right, by how sure they are; on the dashed line they are as sure as they should be. */
export function reliabilityChart(bins: readonly ReliabilityBin[]): Markup {
  const points = bins.map(({ meanClaim, right }) => ({ meanClaim, ...right }));
  const share = (value: number): string => percent(value);
  return chart({
    description: 'Share of pairs that are as the model claims, by how sure the claim is',
    marginLeft: 48,
    x: { domain: [0.5, 1], label: 'claim, σ(|difference of rewards|) →', tickFormat: share, ticks: 6 },
    y: { domain: [0, 1], label: '↑ right', grid: true, tickFormat: share, ticks: 5 },
    marks: [
      Plot.line(
        [
          [0.5, 0.5],
          [1, 1],
        ],
        { stroke: INK.muted, strokeDasharray: '3 3' },
      ),
      Plot.ruleX(points, { x: 'meanClaim', y1: 'low', y2: 'high', stroke: INK.primary, strokeWidth: 2 }),
      Plot.dot(points, { x: 'meanClaim', y: 'share', fill: INK.primary, r: 4 }),
    ],
  });
}

/** Differences of rewards before and after: right of the dashed line the chosen response is preferred. */
export function differencesChart(pairs: readonly RewardHeldOutPair[]): Markup {
  const rows = (['before', 'after'] as const).flatMap((stage) =>
    pairs.map((pair) => ({ stage, difference: differenceOf(pair, stage) })),
  );
  return chart({
    description: 'Differences of rewards of the held-out pairs, before and after training',
    height: 150,
    marginLeft: 56,
    x: { label: 'reward of the chosen less that of the rejected →', nice: true, grid: true },
    y: { domain: ['before', 'after'], label: null, tickSize: 0 },
    marks: [
      Plot.ruleX([0], { stroke: INK.muted, strokeDasharray: '3 3' }),
      Plot.tickX(rows, { x: 'difference', y: 'stage', stroke: INK.primary, strokeOpacity: 0.45, inset: 8 }),
    ],
  });
}

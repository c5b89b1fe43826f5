/** @file What training did to each judge's score: difference to the start by stage, and reward against KL. */
import * as Plot from '@observablehq/plot';
import { fixed, stageName } from '../markup/format.js';
import type { Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import { meanScore, modelOf, type StageDifference } from '../summary.js';
import { INK, chart } from './svg.js';

/** Width of charts that stand three in a row. */
const SMALL_WIDTH = 320;

/** Stage names that fit side by side without turning them. */
const LEVEL_LABELS_MAX = 4;

/** Difference of one judge's mean score to the start, stage by stage, with 95 % intervals. */
export function differenceChart(judge: string, differences: readonly StageDifference[]): Markup {
  const points = differences.filter((difference) => difference.judge === judge);
  const stages = points.map(({ stage }) => stageName(stage));
  const channels = { x: (point: StageDifference) => stageName(point.stage), y: 'difference', stroke: INK.primary };
  return chart({
    description: `Difference of the mean score by ${judge} to the start, by stage`,
    width: SMALL_WIDTH,
    height: stages.length > LEVEL_LABELS_MAX ? 240 : 210,
    marginLeft: 44,
    marginRight: 4,
    marginBottom: stages.length > LEVEL_LABELS_MAX ? 56 : 28,
    x: { domain: stages, label: null, tickSize: 0, tickRotate: stages.length > LEVEL_LABELS_MAX ? -40 : 0 },
    y: { label: null, grid: true, nice: true, ticks: 5, tickFormat: (value: number) => fixed(value, 2) },
    marks: [
      Plot.ruleY([0], { stroke: INK.muted, strokeDasharray: '3 3' }),
      Plot.line(points, { ...channels, strokeOpacity: 0.35 }),
      Plot.ruleX(points, { ...channels, y1: 'low', y2: 'high', strokeWidth: 2 }),
      Plot.dot(points, { ...channels, fill: INK.primary, r: 4 }),
    ],
  });
}

/** Mean training reward against KL to SFT, as the last model judges: the bargain that every method strikes. */
export function rewardKlChart(data: ReportData): Markup {
  const last = data.evaluations.at(-1);
  const judged = data.evaluations.filter((snapshot) => {
    return last && modelOf(snapshot, data.trainingReward) === modelOf(last, data.trainingReward);
  });
  const points = judged.map((snapshot) => ({
    kl: snapshot.klToSft,
    reward: meanScore(snapshot, data.trainingReward),
    stage: stageName(snapshot.stage),
  }));
  return chart({
    description: 'Mean training reward against KL to SFT, one point per stage',
    marginLeft: 48,
    marginRight: 64,
    x: { label: 'KL to SFT, nats per response →', nice: true, grid: true },
    y: { label: '↑ mean training reward', nice: true, grid: true, tickFormat: (value: number) => fixed(value, 2) },
    marks: [
      Plot.line(points, { x: 'kl', y: 'reward', stroke: INK.primary, strokeOpacity: 0.35 }),
      Plot.dot(points, { x: 'kl', y: 'reward', fill: INK.primary, r: 4 }),
      stageLabels(
        points.filter((_, i) => i % 2 === 0),
        { dx: 8, dy: 13, textAnchor: 'start' },
      ),
      stageLabels(
        points.filter((_, i) => i % 2 === 1),
        { dx: -8, dy: -11, textAnchor: 'end' },
      ),
    ],
  });
}

interface StagePoint {
  readonly kl: number;
  readonly reward: number;
  readonly stage: string;
}

/** Names of the stages, put on alternating sides so that close points stay readable. */
function stageLabels(points: readonly StagePoint[], placement: Plot.TextOptions): Plot.Markish {
  return Plot.text(points, { ...placement, x: 'kl', y: 'reward', text: 'stage', fill: INK.muted });
}

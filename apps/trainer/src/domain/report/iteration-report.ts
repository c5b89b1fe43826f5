/** @file What the report says of one iteration. */
import type { GatePoint, IterationReport } from '#report';
import type { PreferenceRow } from '../algorithm/rows.js';
import type { Sample } from '../ports/policy-port.js';
import type { SamplingFindings } from '../phases/sampling-findings.js';
import type { RunContext } from '../run/run-context.js';

export interface IterationFacts {
  readonly iteration: number;
  readonly rows: readonly PreferenceRow[];
  readonly findings: SamplingFindings;
  /** w(s) when the iteration was gated. */
  readonly weightBefore: (score: number) => number;
  /** w(s) at its end. */
  readonly weightAfter: (score: number) => number;
  readonly metaUpdateCount: number;
  readonly pairCount: number;
}

/** Scores at which the curve is drawn: below −10 every start is flat. */
const CURVE_SCORE_MIN = -10;
const CURVE_POINTS = 101;

export async function iterationReport({ journal }: RunContext, facts: IterationFacts): Promise<IterationReport> {
  const { iteration, rows, findings, weightAfter, metaUpdateCount, pairCount } = facts;
  const { decisions, samples, pairings, annotationCount } = findings;
  const steps = await journal.steps(iteration, 'train');
  const drawn = [...samples.values()].flat();
  const countOf = (kind: 'tie' | 'invalid') => [...pairings.values()].filter((pairing) => pairing.kind === kind).length;
  return {
    iteration,
    promptCount: rows.length,
    sampledCount: [...decisions.values()].filter(({ sampled }) => sampled).length,
    annotationCount,
    pairCount,
    droppedTieCount: countOf('tie'),
    droppedInvalidCount: countOf('invalid'),
    offlineCount: findings.lost.size,
    truncatedCount: drawn.filter(({ finish }: Sample) => finish === 'length').length,
    metaUpdateCount,
    optimizerStepCount: steps.length,
    meanLoss: steps.length === 0 ? 0 : steps.reduce((sum, { loss }) => sum + loss, 0) / steps.length,
    curve: Array.from({ length: CURVE_POINTS }, (_, index) => {
      const score = CURVE_SCORE_MIN * (1 - index / (CURVE_POINTS - 1));
      return { score, weight: weightAfter(score) };
    }),
    gate: gatePoints(facts),
  };
}

function gatePoints({ rows, findings, weightBefore }: IterationFacts): GatePoint[] {
  const { scores, decisions, onlineScores } = findings;
  return rows.flatMap(({ id }): GatePoint[] => {
    const score = scores.get(id);
    if (!score || !Number.isFinite(score.score)) return [];
    const ellOn = onlineScores.get(id)?.ell;
    const point = {
      itemId: id,
      score: score.score,
      ellOff: score.ell,
      weight: weightBefore(score.score),
      sampled: decisions.get(id)?.sampled ?? false,
    };
    return [ellOn === undefined ? point : { ...point, ellOn }];
  });
}

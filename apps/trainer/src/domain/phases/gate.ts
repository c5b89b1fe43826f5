/** @file The gate: which prompts get fresh samples. */
import { decideLocally, type GateRow, type LocalGate } from '../algorithm/local-gate.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { GateDecision } from '../ports/meta-learner-port.js';
import type { MetaLearnerKeeper } from '../run/meta-learner-keeper.js';
import type { RunContext } from '../run/run-context.js';
import type { ScoredPair } from './score.js';
import { unitStage } from './unit-stage.js';

export interface GateStage<I> {
  readonly iteration: number;
  /** Rows with their scores, as their scoring units were. */
  readonly source: AsyncIterable<readonly ScoredPair<I>[]>;
  readonly unitsExpected: () => number;
  readonly keeper: MetaLearnerKeeper | undefined;
}

export interface Gated<I> extends ScoredPair<I> {
  /** Undefined for a row without a score, or with one that is not finite. */
  readonly decision: GateDecision | undefined;
}

/** Decides about rows in their order, by φ at the start of the iteration: what a row is sampled by depends on no timing. */
export function gateRows<I extends { readonly id: string }>(
  context: RunContext,
  pipeline: Pipeline,
  stage: GateStage<I>,
): AsyncIterable<readonly Gated<I>[]> {
  return stage.keeper?.gates
    ? gateByService(context, pipeline, { ...stage, keeper: stage.keeper })
    : gateLocally(context, stage);
}

async function* gateLocally<I extends { readonly id: string }>(
  { config }: RunContext,
  { iteration, source }: GateStage<I>,
): AsyncGenerator<readonly Gated<I>[], void, undefined> {
  const gate = localGateOf(config.algorithm.gate);
  for await (const rows of source) {
    yield rows.map(({ item, score }) => {
      const row = score && Number.isFinite(score.score) ? { itemId: item.id, score: score.score } : undefined;
      return { item, score, decision: row && decideLocally(gate, row, { seed: config.seed, iteration }) };
    });
  }
}

export function localGateOf({ kind, ratio, threshold }: RunContext['config']['algorithm']['gate']): LocalGate {
  switch (kind) {
    case 'random':
      return { kind, ratio };
    case 'threshold':
      return { kind, threshold };
    case 'meta':
    case 'sigmoid':
      return { kind: 'sigmoid' };
    case 'all':
    case 'none':
      return { kind };
    default:
      return kind satisfies never;
  }
}

type GateResult = Awaited<ReturnType<MetaLearnerKeeper['gate']>>;

async function* gateByService<I extends { readonly id: string }>(
  context: RunContext,
  pipeline: Pipeline,
  { iteration, source, unitsExpected, keeper }: GateStage<I> & { readonly keeper: MetaLearnerKeeper },
): AsyncGenerator<readonly Gated<I>[], void, undefined> {
  const { seed } = context.config;
  const state = keeper.stateAtStartOf(iteration);
  const units = unitStage<ScoredPair<I>, GateResult>(context, pipeline, {
    phase: 'gate',
    iteration,
    source,
    unitsExpected,
    planOf: (rows, key) => {
      const items = gateable(rows);
      return {
        key,
        service: 'meta-learner',
        request: { items, seed, iteration, version: state.version },
        compute: async (signal) =>
          items.length === 0 ? [] : await keeper.gate({ items, seed, iteration, state }, signal),
      };
    },
    // Where nothing could be scored, the scores are forgotten and made anew: the gate must not hold to what it was asked before.
    asksNothing: (rows) => gateable(rows).length === 0,
    noteOf: (rows) => ({ items: gateable(rows).map(({ itemId }) => itemId) }),
    ended: (results) => {
      const outcomes = results.flat();
      const sampled = outcomes.filter((outcome) => outcome.ok && outcome.value.sampled).length;
      return { sampled, annotation_ratio: outcomes.length === 0 ? 0 : sampled / outcomes.length };
    },
  });
  for await (const { items, result } of units) {
    const asked = gateable(items);
    const decisions = new Map(
      result.flatMap((outcome, index) => (outcome.ok ? [[asked[index]!.itemId, outcome.value] as const] : [])),
    );
    yield items.map(({ item, score }) => ({ item, score, decision: decisions.get(item.id) }));
  }
}

function gateable<I extends { readonly id: string }>(rows: readonly ScoredPair<I>[]): GateRow[] {
  return rows.flatMap(({ item, score }) => (score ? [{ itemId: item.id, score: score.score }] : []));
}

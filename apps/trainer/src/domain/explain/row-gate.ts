/** @file What the gate saw of a row and decided: from the journal, or computed again where the gate is a function of the row. */
import type { RunConfig } from '#run-config';
import { decideLocally } from '../algorithm/local-gate.js';
import { pairScore, type PairScore } from '../algorithm/preference-score.js';
import { localGateOf } from '../phases/gate.js';
import { bothOf } from '../phases/score.js';
import type { Outcome } from '../ports/outcomes.js';
import type { GateDecision } from '../ports/meta-learner-port.js';
import type { ScoreResult } from '../ports/policy-port.js';
import { objectiveOf } from '../run/run-context.js';
import type { Journal } from '../storage/journal.js';
import type { GateFacts } from './row-explanation.js';
import type { RowPlace, UnitReader } from './unit-reader.js';

export interface RowGate {
  /** Undefined where the row could not be scored. */
  readonly facts: GateFacts | undefined;
  /** `pending`: the gate has not come to the row. */
  readonly decision: GateDecision | 'pending' | 'none';
}

export async function rowGate(
  { reader, journal, config }: { readonly reader: UnitReader; readonly journal: Journal; readonly config: RunConfig },
  scored: RowPlace,
): Promise<RowGate> {
  const { iteration } = scored.key;
  const itemId = scored.note.items[scored.index]!;
  const result = await reader.result<ScoreResult>(scored);
  const both = result?.[scored.index] && bothOf(result[scored.index]!);
  if (!both?.ok) return { facts: undefined, decision: 'none' };
  const score = pairScore(both.value[0], both.value[1], objectiveOf(config));
  const { kind } = config.algorithm.gate;
  if (kind !== 'meta') {
    const row = { itemId, score: score.score };
    const isGated = Number.isFinite(score.score);
    const decision = isGated
      ? decideLocally(localGateOf(config.algorithm.gate), row, { seed: config.seed, iteration })
      : 'none';
    return { facts: gateFacts(kind, score, decision), decision };
  }
  const decision = await decisionOf(reader, iteration, itemId);
  const states = await journal.metaStates();
  const decided = states.findLast((state) => state.iteration < iteration);
  const version = decided && { metaLearnerVersion: decided.version };
  return { facts: { ...gateFacts(kind, score, decision), ...version }, decision };
}

async function decisionOf(reader: UnitReader, iteration: number, itemId: string): Promise<RowGate['decision']> {
  const place = await reader.find(iteration, 'gate', itemId);
  if (!place) return 'pending';
  const outcome = (await reader.result<readonly Outcome<GateDecision>[]>(place))?.[place.index];
  return outcome?.ok ? outcome.value : 'none';
}

function gateFacts(kind: string, { score, ell }: PairScore, decision: RowGate['decision']): GateFacts {
  const decided = typeof decision === 'object' ? decision : undefined;
  const { weight, draw, sampled = false } = decided ?? {};
  return {
    kind,
    score,
    ellOff: ell,
    sampled,
    ...(weight !== undefined && { weight }),
    ...(draw !== undefined && { draw }),
  };
}

/**
 * @file The rows of a gradient unit: how their responses lie in sequences, what the loss is fed for them, and what is
 * reported of them.
 */
import { present } from '#core';
import { pairLosses } from '#ml/losses';
import { f32View, type SessionTensor } from '#ml/runtime';
import { sequencesOf, type Sequence } from '../batching/sequence.js';
import { GradientNotFiniteError } from '../engine.errors.js';
import type { GradientUnit, PairValues, RowStatistics, TokenPair } from '../policy-engine.js';
import { ROLES, inputNames, type Role, type RowValues } from '../programs/preference-loss.js';

type UnitRow = GradientUnit['rows'][number];

/** A row with the responses it has, and the number of each within its unit. */
export interface LaidOutRow {
  readonly index: number;
  readonly row: UnitRow;
  /** One tree, or one sequence per response where the tree would be too long. */
  readonly sequences: readonly Sequence[];
  readonly responseIndex: { readonly [R in Role]?: number };
}

/** A unit's rows, and the length of each response in order. */
export interface UnitLayout {
  readonly laidOut: readonly LaidOutRow[];
  readonly lengths: readonly number[];
}

/** @param treeTokensMax tokens of the longest tree; the responses of longer ones are laid out each by itself */
export function layOut(unit: GradientUnit, treeTokensMax: number): UnitLayout {
  const lengths: number[] = [];
  const laidOut = unit.rows.map((row, index): LaidOutRow => {
    const present = ROLES.map((role) => ({ role, response: responseOf(row, role) })).filter(
      (entry): entry is { role: Role; response: readonly number[] } => entry.response !== undefined,
    );
    const first = lengths.length;
    lengths.push(...present.map(({ response }) => response.length));
    const responses = present.map(({ response }) => response);
    const sequences = sequencesOf({ prompt: row.prompt, responses, firstResponseIndex: first }, treeTokensMax);
    const responseIndex = Object.fromEntries(present.map(({ role }, offset) => [role, first + offset]));
    return { index, row, sequences, responseIndex };
  });
  return { laidOut, lengths };
}

function responseOf({ offline, online }: UnitRow, role: Role): readonly number[] | undefined {
  const [source, side] = role.split('_') as ['offline' | 'online', keyof TokenPair];
  return { offline, online }[source]?.[side];
}

/** What the weight is made of. */
export function weightingFeeds(
  { weighting }: GradientUnit,
  group: readonly LaidOutRow[],
): Record<string, SessionTensor> {
  switch (weighting.kind) {
    case 'constant':
      return { [inputNames.weight]: f32View([group.length], new Float32Array(group.length).fill(weighting.weight)) };
    case 'per_item': {
      const weights = group.map(({ index }) => present(weighting.weights[index], `weight of row ${index}`));
      return { [inputNames.weight]: f32View([group.length], Float32Array.from(weights)) };
    }
    case 'sigmoid':
      return {};
    case 'meta_learner': {
      const { hiddenWeights, hiddenBiases, outputWeights, outputBias } = weighting.weights;
      const hidden = [hiddenWeights.length];
      return {
        [inputNames.hiddenWeights]: f32View(hidden, hiddenWeights),
        [inputNames.hiddenBiases]: f32View(hidden, hiddenBiases),
        [inputNames.outputWeights]: f32View(hidden, outputWeights),
        [inputNames.outputBias]: f32View([1], Float32Array.of(outputBias)),
      };
    }
    default:
      return weighting satisfies never;
  }
}

export function statisticsOf(
  unit: GradientUnit,
  { index, row, responseIndex }: LaidOutRow,
  at: { readonly rows: RowValues; readonly position: number; readonly references: readonly number[] | undefined },
): RowStatistics {
  const { rows, position, references } = at;
  const value = (values: Float32Array) => present(values[position], `value of row ${index}`);
  const loss = value(rows.loss);
  if (!Number.isFinite(loss)) throw new GradientNotFiniteError(`Loss of row ${index}`, loss);
  const policyPair = (chosen: Role, rejected: Role): PairValues => ({
    chosen: value(rows.policy[chosen]),
    rejected: value(rows.policy[rejected]),
  });
  const referencePair = (chosen: Role, rejected: Role): PairValues => {
    const of = (role: Role) => present(references?.[present(responseIndex[role], role)], `reference of ${role}`);
    return { chosen: of(chosen), rejected: of(rejected) };
  };
  const { usesReference } = pairLosses[unit.objective.loss];
  return {
    weight: value(rows.weight),
    loss,
    ...(row.offline && {
      policyOffline: policyPair('offline_chosen', 'offline_rejected'),
      ellOff: value(rows.ellOff),
      score: value(rows.score),
      ...(usesReference && { referenceOffline: referencePair('offline_chosen', 'offline_rejected') }),
    }),
    ...(row.online && {
      policyOnline: policyPair('online_chosen', 'online_rejected'),
      ellOn: value(rows.ellOn),
      ...(usesReference && { referenceOnline: referencePair('online_chosen', 'online_rejected') }),
    }),
  };
}

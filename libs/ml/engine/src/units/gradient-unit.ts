/**
 * @file A gradient unit: the loss of its rows and the sum of their gradients, micro-batch after micro-batch.
 */
import { present, type TensorMap } from '#core';
import { pairLosses } from '#ml/losses';
import { f32View, type SessionTensor } from '#ml/runtime';
import type { LoadedAdapter, Policy } from '../adapters/policies.js';
import { BATCH_TOKENS_MAX, microBatches } from '../batching/micro-batches.js';
import { sequencesOf, type Sequence } from '../batching/sequence.js';
import { sequenceBatch, type SequenceBatch } from '../batching/sequence-batch.js';
import { GradientNotFiniteError } from '../engine.errors.js';
import { GradientSums } from '../gradient-sums.js';
import type { GradientUnit, PairValues, RowStatistics, TokenPair } from '../policy-engine.js';
import { ROLES, inputNames, type GradientProgram, type Role, type RowValues } from '../programs/gradient-program.js';
import type { ScoreProgram } from '../programs/score-program.js';
import { sumOf, tokenLogProbsOf } from './score-unit.js';
import type { UnitControl } from './unit-control.js';

export interface GradientParts {
  readonly gradient: GradientProgram;
  readonly score: ScoreProgram;
  readonly policy: Policy & { readonly adapter: LoadedAdapter };
  readonly reference: Policy;
  /** Padded tokens of a micro-batch; a row stays together even where it has more. */
  readonly tokensMax: number;
}

export interface UnitGradient {
  readonly rows: readonly RowStatistics[];
  readonly lossSum: number;
  readonly gradients: TensorMap;
  readonly tokenCount: number;
}

type UnitRow = GradientUnit['rows'][number];

/** A row with the responses it has, and the number of each within its micro-batch-free unit. */
interface LaidOutRow {
  readonly index: number;
  readonly row: UnitRow;
  readonly sequences: readonly Sequence[];
  readonly responseIndex: { readonly [R in Role]?: number };
}

export async function gradientUnit(
  parts: GradientParts,
  unit: GradientUnit,
  control: UnitControl,
): Promise<UnitGradient> {
  const { rows: laidOut, lengths } = layOut(unit);
  const references = await referenceLogProbs(parts, unit, { laidOut, lengths }, control);
  const statistics: RowStatistics[] = [];
  const sums = new GradientSums();
  let tokenCount = 0;
  for (const group of microBatches(laidOut, ({ sequences }) => sequences, parts.tokensMax)) {
    await control.proceed();
    const batch = sequenceBatch(group.flatMap(({ sequences }) => sequences));
    tokenCount += batch.tokenCount;
    const feeds = lossFeeds(unit, group, { batch, lengths, references });
    const { weights, adapter } = parts.policy;
    const { rows, gradients } = await parts.gradient.run([weights, adapter.tensors], batch, feeds);
    group.forEach((row, position) => statistics.push(statisticsOf(unit, row, { rows, position, references })));
    sums.add(gradients);
  }
  const gradients = sums.finish(parts.policy.adapter.tensorNames);
  return { rows: statistics, lossSum: statistics.reduce((sum, { loss }) => sum + loss, 0), gradients, tokenCount };
}

function layOut(unit: GradientUnit): { readonly rows: LaidOutRow[]; readonly lengths: number[] } {
  const lengths: number[] = [];
  const rows = unit.rows.map((row, index): LaidOutRow => {
    const present = ROLES.map((role) => ({ role, response: responseOf(row, role) })).filter(
      (entry): entry is { role: Role; response: readonly number[] } => entry.response !== undefined,
    );
    const first = lengths.length;
    lengths.push(...present.map(({ response }) => response.length));
    const responses = present.map(({ response }) => response);
    const sequences = sequencesOf({ prompt: row.prompt, responses, firstResponseIndex: first }, BATCH_TOKENS_MAX);
    const responseIndex = Object.fromEntries(present.map(({ role }, offset) => [role, first + offset]));
    return { index, row, sequences, responseIndex };
  });
  return { rows, lengths };
}

function responseOf({ offline, online }: UnitRow, role: Role): readonly number[] | undefined {
  const [source, side] = role.split('_') as ['offline' | 'online', keyof TokenPair];
  return { offline, online }[source]?.[side];
}

/** Sums or means per response, as the loss wants them; undefined for a loss without a reference. */
async function referenceLogProbs(
  { score, reference }: GradientParts,
  { objective }: GradientUnit,
  { laidOut, lengths }: { readonly laidOut: readonly LaidOutRow[]; readonly lengths: readonly number[] },
  control: UnitControl,
): Promise<readonly number[] | undefined> {
  const { usesReference, averagesTokens } = pairLosses[objective.loss];
  if (!usesReference) return undefined;
  const sequences = laidOut.flatMap((row) => row.sequences);
  const tokens = await tokenLogProbsOf(score, reference.weights, { sequences, lengths }, control);
  return tokens.map((logProbs) => sumOf(logProbs) / (averagesTokens ? logProbs.length : 1));
}

interface BatchFacts {
  readonly batch: SequenceBatch;
  readonly lengths: readonly number[];
  readonly references: readonly number[] | undefined;
}

function lossFeeds(unit: GradientUnit, group: readonly LaidOutRow[], facts: BatchFacts): Record<string, SessionTensor> {
  const { batch, lengths, references } = facts;
  const { averagesTokens } = pairLosses[unit.objective.loss];
  const tokens = batch.responseIndices.length;
  const feeds: Record<string, SessionTensor> = {};
  for (const role of ROLES) {
    const pick = new Float32Array(group.length * tokens);
    const reference = new Float32Array(group.length);
    group.forEach(({ responseIndex }, position) => {
      const response = responseIndex[role];
      if (response === undefined) return;
      const factor = averagesTokens ? 1 / present(lengths[response], 'length') : 1;
      batch.responseIndices.forEach((owner, token) => {
        if (owner === response) pick[position * tokens + token] = factor;
      });
      if (references) reference[position] = present(references[response], 'reference');
    });
    feeds[inputNames.pick(role)] = f32View([group.length, tokens], pick);
    if (references) feeds[inputNames.reference(role)] = f32View([group.length], reference);
  }
  return { ...feeds, ...weightingFeeds(unit, group) };
}

function weightingFeeds({ weighting }: GradientUnit, group: readonly LaidOutRow[]): Record<string, SessionTensor> {
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

function statisticsOf(
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

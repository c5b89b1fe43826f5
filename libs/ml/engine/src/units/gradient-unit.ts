/**
 * @file A gradient unit: the loss of its rows and the sum of their gradients, micro-batch after micro-batch.
 */
import { present, type TensorMap } from '#core';
import { pairLosses } from '#ml/losses';
import { f32View, type SessionTensor } from '#ml/runtime';
import type { LoadedAdapter, Policy } from '../adapters/policies.js';
import { microBatches } from '../batching/micro-batches.js';
import { sequenceBatch, type SequenceBatch } from '../batching/sequence-batch.js';
import { GradientSums } from '../gradient-sums.js';
import type { GradientUnit, RowStatistics } from '../policy-engine.js';
import type { PartedGradientPrograms } from '../programs/compiled-programs.js';
import type { GradientProgram } from '../programs/gradient-program.js';
import { ROLES, inputNames } from '../programs/preference-loss.js';
import type { ScoreProgram } from '../programs/score-program.js';
import { layOut, statisticsOf, weightingFeeds, type LaidOutRow, type UnitLayout } from './gradient-rows.js';
import { partedGradient } from './parted-gradient.js';
import { logProbsFor, tokenLogProbsOf } from './score-unit.js';
import type { UnitControl } from './unit-control.js';

export interface GradientParts {
  readonly gradient: GradientProgram;
  readonly score: ScoreProgram;
  readonly policy: Policy & { readonly adapter: LoadedAdapter };
  readonly reference: Policy;
  /** For rows that are too long to go through the model in one piece. */
  readonly parted: () => Promise<PartedGradientPrograms>;
  /** Padded tokens of a micro-batch; a row in one piece stays so even where it has more. */
  readonly tokensMax: number;
  /** Tokens of the longest row that goes in one piece. */
  readonly treeTokensMax: number;
}

export interface UnitGradient {
  readonly rows: readonly RowStatistics[];
  readonly lossSum: number;
  readonly gradients: TensorMap;
  readonly tokenCount: number;
}

/** What both ways to a gradient know of their unit. */
export interface GradientWork {
  readonly unit: GradientUnit;
  readonly layout: UnitLayout;
  /** Log-probabilities of the reference, by response; undefined for a loss without one. */
  readonly references: readonly number[] | undefined;
  readonly sums: GradientSums;
  readonly control: UnitControl;
}

export async function gradientUnit(
  parts: GradientParts,
  unit: GradientUnit,
  control: UnitControl,
): Promise<UnitGradient> {
  const layout = layOut(unit, parts.treeTokensMax);
  const references = await referenceLogProbs(parts, unit, layout, control);
  const work: GradientWork = { unit, layout, references, sums: new GradientSums(), control };
  const { laidOut } = layout;
  const statistics = new Map([
    ...(await wholeGradient(parts, laidOut.filter(isWhole), work)),
    ...(await partedGradient(
      parts,
      laidOut.filter((row) => !isWhole(row)),
      work,
    )),
  ]);
  const rows = laidOut.map(({ index }) => present(statistics.get(index), `row ${index}`));
  return {
    rows,
    lossSum: rows.reduce((sum, { loss }) => sum + loss, 0),
    gradients: work.sums.finish(parts.policy.adapter.tensorNames),
    tokenCount: laidOut.flatMap((row) => row.sequences).reduce((count, { tokenIds }) => count + tokenIds.length, 0),
  };
}

function isWhole({ sequences }: LaidOutRow): boolean {
  return sequences.length === 1;
}

/** Rows in one piece: the loss and its gradient come out of one run per micro-batch. Statistics by row. */
async function wholeGradient(
  { gradient, policy: { weights, adapter }, tokensMax }: GradientParts,
  whole: readonly LaidOutRow[],
  { unit, layout, references, sums, control }: GradientWork,
): Promise<Map<number, RowStatistics>> {
  const statistics = new Map<number, RowStatistics>();
  for (const group of microBatches(whole, ({ sequences }) => sequences, tokensMax)) {
    await control.proceed();
    const batch = sequenceBatch(group.flatMap(({ sequences }) => sequences));
    const feeds = lossFeeds(unit, group, { batch, lengths: layout.lengths, references });
    const { rows, gradients } = await gradient.run([weights, adapter.tensors], batch, feeds);
    group.forEach((row, position) =>
      statistics.set(row.index, statisticsOf(unit, row, { rows, position, references })),
    );
    sums.add(gradients);
  }
  return statistics;
}

/** Sums or means per response, as the loss wants them; undefined for a loss without a reference. */
async function referenceLogProbs(
  { score, reference }: GradientParts,
  { objective }: GradientUnit,
  { laidOut, lengths }: UnitLayout,
  control: UnitControl,
): Promise<readonly number[] | undefined> {
  if (!pairLosses[objective.loss].usesReference) return undefined;
  const sequences = laidOut.flatMap((row) => row.sequences);
  const tokens = await tokenLogProbsOf(score, reference.weights, { sequences, lengths }, control);
  return tokens.map((logProbs) => logProbsFor(objective.loss, logProbs));
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

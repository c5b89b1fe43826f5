/**
 * @file The gradient of rows that are too long to go through the model in one piece: one response at a time.
 *
 * A first pass, without anything kept for a backward pass, gives log π of each response; from these the loss and its
 * slopes. A second pass takes each response's own gradient:
 *
 *   ∇L = Σ_r ∂L/∂ log π_r · ∇ log π_r
 *
 * The same gradient as in one piece, for one more forward pass, in the memory of one response instead of four.
 */
import { present } from '#core';
import { pairLosses } from '#ml/losses';
import { f32View, type SessionTensor } from '#ml/runtime';
import { microBatches } from '../batching/micro-batches.js';
import { sequenceBatch } from '../batching/sequence-batch.js';
import type { RowStatistics } from '../policy-engine.js';
import { ROLES, inputNames, type RowValues } from '../programs/preference-loss.js';
import { statisticsOf, weightingFeeds, type LaidOutRow } from './gradient-rows.js';
import type { GradientParts, GradientWork } from './gradient-unit.js';
import { logProbsFor, tokenLogProbsOf } from './score-unit.js';

type ByRole = RowValues['policy'];

/** Adds the rows' gradients to the sums; gives their statistics by row. */
export async function partedGradient(
  parts: GradientParts,
  rows: readonly LaidOutRow[],
  work: GradientWork,
): Promise<Map<number, RowStatistics>> {
  const statistics = new Map<number, RowStatistics>();
  if (rows.length === 0) return statistics;
  const { unit, layout, references, control } = work;
  const { loss } = await parts.parted();
  const sequences = rows.flatMap((row) => row.sequences);
  const tokens = await tokenLogProbsOf(
    parts.score,
    parts.policy.weights,
    { sequences, lengths: layout.lengths },
    control,
  );
  const logProbs = tokens.map((own) => logProbsFor(unit.objective.loss, own));
  const values = await loss.run(byRole(rows, logProbs), {
    ...referenceFeeds(rows, references),
    ...weightingFeeds(unit, rows),
  });
  rows.forEach((row, position) => {
    statistics.set(row.index, statisticsOf(unit, row, { rows: values.rows, position, references }));
  });
  await addResponses(parts, work, rows, responseSlopes(rows, values.slopes, work));
  return statistics;
}

/** Slope of the loss in each token's log-probability, by response. */
function responseSlopes(
  rows: readonly LaidOutRow[],
  slopes: ByRole,
  { unit, layout }: GradientWork,
): ReadonlyMap<number, number> {
  const { averagesTokens } = pairLosses[unit.objective.loss];
  const result = new Map<number, number>();
  rows.forEach(({ responseIndex }, position) => {
    for (const role of ROLES) {
      const response = responseIndex[role];
      if (response === undefined) continue;
      const tokenCount = averagesTokens ? present(layout.lengths[response], 'length') : 1;
      result.set(response, present(slopes[role][position], `slope of ${role}`) / tokenCount);
    }
  });
  return result;
}

async function addResponses(
  { parted, policy: { weights, adapter }, tokensMax }: GradientParts,
  { sums, control }: GradientWork,
  rows: readonly LaidOutRow[],
  slopes: ReadonlyMap<number, number>,
): Promise<void> {
  const { tokens } = await parted();
  const sequences = rows.flatMap((row) => row.sequences);
  for (const group of microBatches(sequences, (sequence) => [sequence], tokensMax)) {
    await control.proceed();
    const batch = sequenceBatch(group);
    const coefficients = Float32Array.from(batch.responseIndices, (response) => {
      return present(slopes.get(response), `slope of response ${response}`);
    });
    sums.add(await tokens.run([weights, adapter.tensors], batch, coefficients));
  }
}

/** Numbers of responses in the places of their roles; 0 where a row has none. */
function byRole(rows: readonly LaidOutRow[], numbers: readonly number[]): ByRole {
  const entries = ROLES.map((role) => {
    const values = rows.map(({ responseIndex }) => {
      const response = responseIndex[role];
      return response === undefined ? 0 : present(numbers[response], `response ${response}`);
    });
    return [role, Float32Array.from(values)] as const;
  });
  return Object.fromEntries(entries) as ByRole;
}

function referenceFeeds(
  rows: readonly LaidOutRow[],
  references: readonly number[] | undefined,
): Record<string, SessionTensor> {
  if (!references) return {};
  const values = byRole(rows, references);
  return Object.fromEntries(ROLES.map((role) => [inputNames.reference(role), f32View([rows.length], values[role])]));
}

/**
 * @file All inputs of one call through a classifier: each gets a score or the reason why it has none, and a bad one
 * never spoils its neighbours.
 */
import { AppError, messageOf, present } from '#core';
import type { Classifier, EncodedInput } from './classifier.js';
import { scoreOf } from './labels.js';
import { lengthBatches } from './length-batches.js';
import { RewardInputFailedError } from './reward-models.errors.js';
import type { RewardInput, RewardOutcome, ScoringControl } from './reward-model.js';

/** As the engine's batches: beyond it activations leave the processor's cache. */
const BATCH_TOKENS_MAX = 1024;

export async function scoreInputs(
  classifier: Classifier,
  inputs: readonly RewardInput[],
  control: ScoringControl,
): Promise<void> {
  const encoded: { readonly index: number; readonly input: EncodedInput }[] = [];
  for (const [index, input] of inputs.entries()) {
    await control.proceed('encode', [index]);
    const result = encode(classifier, input);
    if ('ids' in result) encoded.push({ index, input: result });
    else control.settle(index, result);
  }
  const lengths = encoded.map(({ input }) => input.ids.length);
  const limits = { tokensMax: BATCH_TOKENS_MAX, mayPad: classifier.mayPad };
  for (const batch of lengthBatches(lengths, limits)) {
    const members = batch.map((place) => present(encoded[place], 'encoded input'));
    await control.proceed(
      'score',
      members.map(({ index }) => index),
    );
    const outcomes = await batchOutcomes(
      classifier,
      members.map(({ input }) => input),
    );
    members.forEach(({ index }, row) => control.settle(index, present(outcomes[row], 'outcome')));
  }
}

function encode(classifier: Classifier, input: RewardInput): EncodedInput | RewardOutcome {
  try {
    return classifier.encode(input);
  } catch (thrown) {
    if (thrown instanceof AppError) return { ok: false, error: thrown };
    return { ok: false, error: new RewardInputFailedError(messageOf(thrown), thrown) };
  }
}

/** One pass; where it fails, each input alone, so that only what cannot be computed fails. */
async function batchOutcomes(classifier: Classifier, batch: readonly EncodedInput[]): Promise<RewardOutcome[]> {
  let rows: readonly Float32Array[];
  try {
    rows = await classifier.logits(batch);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (batch.length === 1) return [{ ok: false, error: thrown }];
    const outcomes: RewardOutcome[] = [];
    for (const input of batch) outcomes.push(...(await batchOutcomes(classifier, [input])));
    return outcomes;
  }
  return batch.map((input, row) => outcomeOf(classifier, input, present(rows[row], 'logits')));
}

function outcomeOf({ label }: Classifier, input: EncodedInput, logits: Float32Array): RewardOutcome {
  try {
    const { ids, truncatedCount } = input;
    return { ok: true, score: scoreOf(logits, label), tokenCount: ids.length, truncatedCount };
  } catch (thrown) {
    if (thrown instanceof AppError) return { ok: false, error: thrown };
    throw thrown;
  }
}

/** @file Answers to the held-out prompts, judged: by the training reward and by judges that never train. */
import type { JudgedSamples } from '#report';
import { isUsable } from '../algorithm/pairing.js';
import { streamOf } from '../pipeline/streams.js';
import type { Sample } from '../ports/policy-port.js';
import type { Answer, RewardModel } from '../ports/reward-port.js';
import type { RunContext } from '../run/run-context.js';
import { annotate } from './annotate.js';
import { alone } from './unit-stage.js';

/** One answer to a held-out prompt. */
export interface Answered {
  readonly id: string;
  readonly sample: Sample;
}

export interface Judging {
  readonly answers: readonly Answered[];
  /** In the order of the result. */
  readonly models: readonly RewardModel[];
  readonly phaseOf: (model: RewardModel) => string;
  /** True where other models have judged these answers before. @default false */
  readonly isRescore?: boolean;
}

/** One list of scores per model, in the order of the held-out prompts. */
export async function judged(
  context: RunContext,
  { answers, models, phaseOf, isRescore = false }: Judging,
): Promise<JudgedSamples[]> {
  const prompts = new Map(context.heldOut.map(({ id, prompt }) => [id, prompt]));
  const items = answers
    .filter(({ sample }) => isUsable(sample))
    .map(({ id, sample }) => ({ id, prompt: prompts.get(id)!, answers: [answerOf(sample)] }));
  const results: JudgedSamples[] = [];
  for (const model of models) {
    const annotated = await alone((pipeline) =>
      annotate(context, pipeline, {
        phase: context.rewards.phaseOf(phaseOf(model), model),
        iteration: 0,
        model,
        purpose: 'evaluation',
        source: streamOf(items),
        itemsExpected: () => items.length,
        isRescore,
      }),
    );
    const scores = new Map(annotated.map(({ item, rewards }) => [item.id, rewards[0] ?? null]));
    const { name, epoch, weightsDigest } = model;
    results.push({
      judge: name,
      scores: context.heldOut.map(({ id }) => scores.get(id) ?? null),
      epoch: Number(epoch),
      weightsDigest,
    });
  }
  return results;
}

/** A sample as it is annotated. */
export function answerOf({ text, finish }: Sample): Answer {
  return { text, truncated: finish === 'length' };
}

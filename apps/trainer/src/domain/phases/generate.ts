/** @file The generation phase: K samples per prompt from the policy at the start of the iteration. */
import type { Prompt } from '#contracts/common';
import { seedOf } from '#core';
import type { Pipeline } from '../pipeline/pipeline.js';
import { grouped } from '../pipeline/streams.js';
import type { GenerateResult, GenerateUnit, PolicyRef, Sample, SamplingSettings } from '../ports/policy-port.js';
import type { RunContext } from '../run/run-context.js';
import { PhaseFailedError } from '../run/run.errors.js';
import { generatedTokens } from './token-counts.js';
import { unitStage } from './unit-stage.js';

/** A prompt that is answered. */
export interface PromptInput {
  readonly id: string;
  readonly prompt: Prompt;
}

export interface GenerateStage<I> {
  readonly phase: string;
  readonly iteration: number;
  readonly policy: PolicyRef;
  readonly source: AsyncIterable<I>;
  /** Prompts as far as can be told now, never fewer than come. */
  readonly itemsExpected: () => number;
  readonly samplesPerPrompt: number;
  readonly sampling: SamplingSettings;
  /** Sample seeds derive from it and the row id. */
  readonly seedKey: readonly (string | number)[];
  /**
   * Asked when a unit is complete: false gives up its prompts instead of answering them. When a gate closes is a matter of
   * time; as units are whole or not at all, those that the journal has are the same when the run is done again.
   * @default always true
   */
  readonly isOpen?: () => boolean;
  /** Told of a prompt that was given up. */
  readonly onGivenUp?: (item: I) => void;
  /** True notes which rows each unit held. @default false */
  readonly isNoted?: boolean;
}

export interface Sampled<I> {
  readonly item: I;
  /** In order of index; undefined when the prompt failed. */
  readonly samples: readonly Sample[] | undefined;
}

/** Samples of each prompt, in the order of the prompts. Halts with PhaseFailedError when all failed. */
export async function* generateSamples<I extends PromptInput>(
  context: RunContext,
  pipeline: Pipeline,
  stage: GenerateStage<I>,
): AsyncGenerator<Sampled<I>, void, undefined> {
  const { phase, iteration, policy, source, itemsExpected, samplesPerPrompt, sampling, seedKey } = stage;
  const { generate_items } = context.config.units;
  const units = unitStage<I, GenerateResult>(context, pipeline, {
    phase,
    iteration,
    source: openUnits(stage, grouped(source, generate_items)),
    unitsExpected: () => Math.ceil(itemsExpected() / generate_items),
    planOf: (group, key) => {
      const items = group.map(({ id, prompt }) => ({ itemId: id, prompt, seed: String(seedOf(...seedKey, id)) }));
      const request: GenerateUnit = { policy, items, samplesPerPrompt, sampling };
      return { key, service: 'policy', request, compute: (signal) => context.policy.generate(request, { signal }) };
    },
    noteOf: stage.isNoted ? (group) => ({ items: group.map(({ id }) => id) }) : undefined,
    tokensOf: generatedTokens,
    ended: async (results) => {
      const outcomes = results.flat();
      await refuseTotalFailure(context, { phase, iteration }, outcomes);
      return { prompts: outcomes.length };
    },
  });
  for await (const { items, result } of units) {
    for (const [index, item] of items.entries()) {
      const outcome = result[index]!;
      yield { item, samples: outcome.ok ? outcome.value : undefined };
    }
  }
}

async function* openUnits<I>(
  { isOpen, onGivenUp }: GenerateStage<I>,
  units: AsyncIterable<readonly I[]>,
): AsyncGenerator<readonly I[], void, undefined> {
  for await (const items of units) {
    if (isOpen?.() ?? true) yield items;
    else for (const item of items) onGivenUp?.(item);
  }
}

async function refuseTotalFailure(
  { journal }: RunContext,
  { phase, iteration }: { readonly phase: string; readonly iteration: number },
  outcomes: GenerateResult,
): Promise<void> {
  const [first] = outcomes;
  if (!first || first.ok || outcomes.some(({ ok }) => ok)) return;
  await journal.commit({ forgottenUnits: { iteration, phase } });
  throw new PhaseFailedError(phase, outcomes.length, first.failure);
}

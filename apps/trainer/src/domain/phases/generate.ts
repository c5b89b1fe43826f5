/** @file The generation phase: K samples per prompt from the policy at the start of the iteration. */
import type { Prompt } from '#contracts/common';
import { seedOf } from '#core';
import { chunked } from '../algorithm/rows.js';
import type { GenerateResult, GenerateUnit, PolicyRef, Sample, SamplingSettings } from '../ports/policy-port.js';
import type { RunContext } from '../run/run-context.js';
import { PhaseFailedError } from '../run/run.errors.js';
import type { UnitPlan } from '../run/unit-runner.js';

export interface GeneratePhase {
  readonly phase: string;
  readonly iteration: number;
  readonly policy: PolicyRef;
  readonly prompts: readonly { readonly id: string; readonly prompt: Prompt }[];
  readonly samplesPerPrompt: number;
  readonly sampling: SamplingSettings;
  /** Sample seeds derive from it and the row id. */
  readonly seedKey: readonly (string | number)[];
}

/** Samples by row id, in order of index; a prompt that failed is absent. @throws PhaseFailedError when all failed */
export async function generateSamples(
  context: RunContext,
  request: GeneratePhase,
): Promise<Map<string, readonly Sample[]>> {
  const { phase, iteration, prompts, policy, samplesPerPrompt, sampling } = request;
  const plans = chunked(prompts, context.config.units.generate_items).map((group, unit): UnitPlan<GenerateResult> => {
    const items = group.map(({ id, prompt }) => {
      return { itemId: id, prompt, seed: String(seedOf(...request.seedKey, id)) };
    });
    const generate: GenerateUnit = { policy, items, samplesPerPrompt, sampling };
    return {
      key: { iteration, phase, unit },
      request: generate,
      compute: (signal) => context.policy.generate(generate, { signal }),
    };
  });
  const units = { count: plans.length, countDone: await context.journal.unitCount(iteration, phase) };
  const outcomes = await context.phases.track({ phase, iteration }, units, async ({ advance }) => {
    const results = await context.units.run(plans, { onDone: () => advance() });
    return { value: results.flat(), figures: { prompts: prompts.length } };
  });
  const samples = new Map<string, readonly Sample[]>();
  outcomes.forEach((outcome, index) => {
    if (outcome.ok) samples.set(prompts[index]!.id, outcome.value);
  });
  const [first] = outcomes;
  if (samples.size === 0 && first && !first.ok) {
    await context.journal.commit({ forgottenUnits: { iteration, phase } });
    throw new PhaseFailedError(phase, prompts.length, first.failure);
  }
  return samples;
}

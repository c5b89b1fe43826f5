/**
 * @file Evaluation: held-out prompts, answered once each by sampling, judged by the training reward and by judges that
 * never train. The same seeds in every stage, so that stages compare prompt by prompt.
 *
 *   KL(π ‖ SFT) ≈ (1/N) Σ log π(y|x) − log π_SFT(y|x),   y drawn from π
 */
import type { EvaluationSnapshot, JudgedSamples } from '#report';
import type { Response } from '#contracts/common';
import { isUsable } from '../algorithm/pairing.js';
import { streamOf } from '../pipeline/streams.js';
import type { PolicyRef, Sample } from '../ports/policy-port.js';
import { distinct, topWord } from '../report/text-figures.js';
import { samplingOf, type RunContext } from '../run/run-context.js';
import type { PolicyState } from '../run/policy-state.js';
import { generateSamples } from './generate.js';
import { judged, type Answered } from './judge.js';
import { scoreItems } from './score.js';
import { alone } from './unit-stage.js';

export interface Evaluation {
  /** `sft`, `warm-up`, `iteration-1`, … `final`. */
  readonly stage: string;
  /** Iteration that it closes, from 0. */
  readonly iteration: number;
  /** The policy; undefined is the base. */
  readonly policy: PolicyState | undefined;
}

/** Evaluates as one phase to whoever watches. */
export async function evaluate(context: RunContext, evaluation: Evaluation): Promise<EvaluationSnapshot> {
  const name = { phase: `evaluate-${evaluation.stage}`, iteration: evaluation.iteration };
  const units = { count: unitCount(context), countDone: await context.journal.unitCountBelow(`${name.phase}/`) };
  return await context.phases.trackParts(name, units, async () => {
    const value = await snapshotOf(context, evaluation);
    const rewards = (value.judged[0]?.scores ?? []).filter((score) => score !== null);
    return { value, figures: { reward: mean(rewards), kl: value.klToSft } };
  });
}

/** Units when no answer is empty; an empty one is neither judged nor scored. */
function unitCount({ config, heldOut, rewards }: RunContext): number {
  const { generate_items, annotate_items, score_items } = config.units;
  const unitsOf = (items: number, size: number) => Math.ceil(items / size);
  const examples = Math.min(config.evaluation.examples, heldOut.length);
  return (
    unitsOf(heldOut.length, generate_items) +
    unitsOf(heldOut.length, annotate_items) * (1 + rewards.judges.length) +
    unitsOf(heldOut.length, score_items) +
    unitsOf(examples, generate_items)
  );
}

async function snapshotOf(context: RunContext, { stage, policy }: Evaluation): Promise<EvaluationSnapshot> {
  if (policy) await context.shelf.offer(policy.digest, policy.tensors);
  const ref: PolicyRef = policy?.digest ?? '';
  const answers = await evaluatedAnswers(context, stage, ref);
  const { training, judges } = context.rewards;
  const results = await judged(context, {
    answers,
    models: [training, ...judges],
    phaseOf: ({ name }) => `evaluate-${stage}/annotate-${name}`,
  });
  const drift = await driftFromSft(context, { stage, ref, answers });
  const samples = answers.map(({ sample }) => sample);
  const texts = samples.map(({ text }) => text);
  return {
    stage,
    adapterDigest: ref,
    judged: results,
    distinct: [distinct(texts, 1), distinct(texts, 2), distinct(texts, 3)],
    meanTokenCount: mean(samples.map(({ tokenIds }) => tokenIds.length)),
    endTokenRate: mean(samples.map(({ finish }) => (finish === 'stop_token' ? 1 : 0))),
    ...drift,
    topWord: topWord(texts, scoresOf(results[0], context, answers)),
    examples: await examplesOf(context, { stage, ref, answers }),
  };
}

/** The answers of a stage, drawn or as the journal has them. */
export async function evaluatedAnswers(context: RunContext, stage: string, policy: PolicyRef): Promise<Answered[]> {
  const { heldOut, config } = context;
  const { temperature } = config.sampling;
  return await draw(context, { phase: `evaluate-${stage}/generate`, policy, prompts: heldOut, temperature });
}

/** One answer to each prompt that could be answered. */
async function draw(
  context: RunContext,
  {
    phase,
    policy,
    prompts,
    temperature,
  }: {
    readonly phase: string;
    readonly policy: PolicyRef;
    readonly prompts: RunContext['heldOut'];
    readonly temperature: number;
  },
): Promise<Answered[]> {
  const { config } = context;
  const sampling = samplingOf(config);
  const drawn = await alone((pipeline) =>
    generateSamples(context, pipeline, {
      phase,
      iteration: 0,
      policy,
      source: streamOf(prompts),
      itemsExpected: () => prompts.length,
      samplesPerPrompt: 1,
      sampling: { ...sampling, temperature, maxNewTokens: config.evaluation.max_new_tokens ?? sampling.maxNewTokens },
      seedKey: [config.seed, 'evaluation'],
    }),
  );
  return drawn.flatMap(({ item: { id }, samples: [sample] = [] }) => (sample ? [{ id, sample }] : []));
}

/** The scores in the order of the answers, which may be fewer than the prompts. */
function scoresOf(
  judged: JudgedSamples | undefined,
  { heldOut }: RunContext,
  answers: readonly Answered[],
): (number | null)[] {
  const byId = new Map(heldOut.map(({ id }, index) => [id, judged?.scores[index] ?? null]));
  return answers.map(({ id }) => byId.get(id) ?? null);
}

async function driftFromSft(
  context: RunContext,
  { stage, ref, answers }: { readonly stage: string; readonly ref: PolicyRef; readonly answers: readonly Answered[] },
): Promise<{ readonly klToSft: number; readonly nllUnderSft: number }> {
  const prompts = new Map(context.heldOut.map(({ id, prompt }) => [id, prompt]));
  const items = answers
    .filter(({ sample }) => isUsable(sample))
    .map(({ id, sample }) => ({ id, prompt: prompts.get(id)!, responses: [responseOf(sample)] }));
  const outcomes = await scoreItems(context, {
    phase: `evaluate-${stage}/score`,
    iteration: 0,
    policies: ref === '' ? [''] : [ref, ''],
    items,
  });
  const logRatios: number[] = [];
  let sftSum = 0;
  let tokenCount = 0;
  for (const outcome of outcomes) {
    const response = outcome.ok ? outcome.value[0] : undefined;
    if (!response?.ok) continue;
    const [policy = 0, sft = policy] = response.value.sums;
    logRatios.push(policy - sft);
    sftSum += sft;
    tokenCount += response.value.tokenCount;
  }
  return { klToSft: mean(logRatios), nllUnderSft: tokenCount === 0 ? 0 : -sftSum / tokenCount };
}

/** The first prompts' samples beside their greedy answers. */
async function examplesOf(
  context: RunContext,
  { stage, ref, answers }: { readonly stage: string; readonly ref: PolicyRef; readonly answers: readonly Answered[] },
): Promise<EvaluationSnapshot['examples']> {
  const { config, heldOut } = context;
  const prompts = heldOut.slice(0, config.evaluation.examples);
  const drawn = await draw(context, { phase: `evaluate-${stage}/greedy`, policy: ref, prompts, temperature: 0 });
  const greedy = new Map(drawn.map(({ id, sample }) => [id, sample.text]));
  const byId = new Map(answers.map(({ id, sample }) => [id, sample.text]));
  return prompts.map(({ id, prompt }) => ({
    prompt: shownPrompt(prompt),
    sampled: byId.get(id) ?? '',
    greedy: greedy.get(id) ?? '',
  }));
}

/** A prompt for people; conversations as `ROLE: text` lines. */
export function shownPrompt({ text, conversation }: RunContext['heldOut'][number]['prompt']): string {
  if (conversation) return (conversation.messages ?? []).map(({ role, content }) => `${role}: ${content}`).join('\n');
  return text ?? '';
}

/** A sample as it was drawn, so that it is scored and trained on token by token. */
export function responseOf({ tokenIds, finish }: Sample): Response {
  return { tokenIds: { ids: [...tokenIds] }, form: 'tokenIds', truncated: finish === 'length' };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * @file From offline rows to online pairs: score → gate → generate → annotate → pair, side by side over units of work.
 *
 * Every stage works through its rows in the order of the data, and every unit is formed in that order, as soon as its rows
 * are known; so units and results are those of phases that follow one another. The gate asks φ at the start of the
 * iteration, samples come from the policy at its start, whatever training does meanwhile.
 */
import { present } from '#core';
import { isUsable, type OnlinePair } from '../algorithm/pairing.js';
import type { PreferenceRow } from '../algorithm/rows.js';
import { isBack } from '../degrade/ask-patiently.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { streamOf } from '../pipeline/streams.js';
import type { PolicyRef, ResponsePair } from '../ports/policy-port.js';
import type { MetaLearnerKeeper } from '../run/meta-learner-keeper.js';
import { samplingOf, type RunContext } from '../run/run-context.js';
import { annotatedPairs } from './annotated-pairs.js';
import { responseOf } from './evaluate.js';
import { gateRows, type Gated } from './gate.js';
import { generateSamples, type Sampled } from './generate.js';
import { answerOf } from './judge.js';
import { lose, settle, type AnsweredRow, type SamplingFindings } from './sampling-findings.js';
import { scorePairs } from './score.js';

export interface SamplingFlow {
  readonly iteration: number;
  readonly rows: readonly PreferenceRow[];
  /** The policy at the start of the iteration. */
  readonly policy: PolicyRef;
  readonly reference: PolicyRef;
  readonly keeper: MetaLearnerKeeper | undefined;
  readonly findings: SamplingFindings;
}

type ScoredRow = PreferenceRow & { readonly pair: ResponsePair };

/** The rows that have become pairs, in their order; the findings tell what became of the others. */
export async function* samplePairs(
  context: RunContext,
  pipeline: Pipeline,
  flow: SamplingFlow,
): AsyncGenerator<{ readonly row: PreferenceRow; readonly pair: OnlinePair }, void, undefined> {
  const { iteration, policy, reference, keeper, rows, findings } = flow;
  const { config } = context;
  const { open } = findings;
  if (config.algorithm.gate.kind !== 'none') await openGate(context, flow);
  const scored = scorePairs(context, pipeline, {
    phase: 'score',
    iteration,
    policy,
    reference,
    source: streamOf(rows.map((row): ScoredRow => ({ ...row, pair: offlinePair(row) }))),
    itemsExpected: () => rows.length,
  });
  const unitsExpected = () => Math.ceil(rows.length / config.units.score_items);
  const gated = gateRows(context, pipeline, { iteration, source: scored, unitsExpected, keeper });
  const sampled = generateSamples(context, pipeline, {
    phase: 'generate',
    iteration,
    policy,
    source: chosenRows(context, gated, findings),
    // What the budget no longer pays for is not drawn either.
    isOpen: () => context.spending.closedBy === undefined,
    onGivenUp: (row) => giveUp(context, findings, row),
    isNoted: true,
    itemsExpected: () => open.generate,
    samplesPerPrompt: config.algorithm.samples_per_prompt,
    sampling: samplingOf(config),
    seedKey: [config.seed, iteration],
  });
  const answered = answeredRows(sampled, findings);
  yield* annotatedPairs(context, pipeline, { iteration, findings, answered });
}

/** Decides, or reads in the journal, whether the iteration begins with the gate open. */
async function openGate(context: RunContext, { iteration, findings }: SamplingFlow): Promise<void> {
  const { rewards, reward, annotators, spending, abandon } = context;
  const isAnnotatorLost = async (): Promise<boolean> => {
    const model = rewards.training;
    const guard = await annotators.of(model.name);
    return guard.isLost && !(await isBack({ guard, reward, model, signal: abandon }));
  };
  const { spent, closedBy } = await spending.open(iteration, { isAnnotatorLost });
  findings.spentBefore = spent;
  findings.gateStates.push({ iteration, unit: 0, closedBy });
}

/** Rows that the gate chose. */
async function* chosenRows(
  { story }: RunContext,
  gated: AsyncIterable<readonly Gated<ScoredRow>[]>,
  findings: SamplingFindings,
): AsyncGenerator<PreferenceRow, void, undefined> {
  const { scores, decisions, open, fates } = findings;
  for await (const rows of gated) {
    for (const { item, score, decision } of rows) {
      if (score) scores.set(item.id, score);
      if (decision) decisions.set(item.id, decision);
      if (decision) story.gated(decision.sampled);
      if (decision?.sampled) {
        yield item;
        continue;
      }
      open.generate -= 1;
      open.annotate -= 1;
      open.pair -= 1;
      fates.settle(item.id, { kind: decision ? 'unsampled' : score ? 'ungated' : 'unscored' });
    }
  }
}

function giveUp({ spending, story }: RunContext, findings: SamplingFindings, row: PreferenceRow): void {
  findings.open.generate -= 1;
  findings.open.annotate -= 1;
  lose(findings, row, present(spending.closedBy, 'the reason why the gate is closed'));
  story.settled(false);
}

/** Rows with something to annotate. */
async function* answeredRows(
  sampled: AsyncIterable<Sampled<PreferenceRow>>,
  findings: SamplingFindings,
): AsyncGenerator<AnsweredRow, void, undefined> {
  for await (const { item, samples } of sampled) {
    if (samples) findings.samples.set(item.id, samples);
    const usable = (samples ?? []).filter(isUsable);
    if (usable.length > 0) {
      yield { ...item, usable, answers: usable.map(answerOf) };
      continue;
    }
    findings.open.annotate -= 1;
    settle(findings, item, { kind: 'invalid' });
  }
}

export function offlinePair({ chosen, rejected }: Pick<PreferenceRow, 'chosen' | 'rejected'>): ResponsePair {
  return { chosen: { text: chosen, form: 'text' }, rejected: { text: rejected, form: 'text' } };
}

export function onlinePair({ chosen, rejected }: OnlinePair): ResponsePair {
  return { chosen: responseOf(chosen), rejected: responseOf(rejected) };
}

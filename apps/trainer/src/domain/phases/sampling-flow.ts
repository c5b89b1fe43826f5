/**
 * @file From offline rows to online pairs: score → gate → generate → annotate → pair, side by side over units of work.
 *
 * Every stage works through its rows in the order of the data, and every unit is formed in that order, as soon as its rows
 * are known; so units and results are those of phases that follow one another. The gate asks φ at the start of the
 * iteration, samples come from the policy at its start, whatever training does meanwhile.
 */
import { bestAgainstWorst, isUsable, type OnlinePair, type Pairing } from '../algorithm/pairing.js';
import type { PairScore } from '../algorithm/preference-score.js';
import type { PreferenceRow } from '../algorithm/rows.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { RowFates } from '../pipeline/row-fates.js';
import { streamOf } from '../pipeline/streams.js';
import type { GateDecision } from '../ports/meta-learner-port.js';
import type { PolicyRef, ResponsePair, Sample } from '../ports/policy-port.js';
import type { Answer } from '../ports/reward-port.js';
import type { MetaLearnerKeeper } from '../run/meta-learner-keeper.js';
import { samplingOf, type RunContext } from '../run/run-context.js';
import { annotate } from './annotate.js';
import { answerOf, responseOf } from './evaluate.js';
import { gateRows, type Gated } from './gate.js';
import { generateSamples, type Sampled } from './generate.js';
import { scorePairs } from './score.js';

/** What becomes of a row. */
export type RowFate =
  /** It could not be scored. */
  | { readonly kind: 'unscored' }
  /** Its score is not finite, so the gate says nothing of it. */
  | { readonly kind: 'ungated' }
  /** The gate let it pass: its offline pair is good enough. */
  | { readonly kind: 'unsampled' }
  | Pairing;

/** What an iteration finds out about its rows, growing while it goes on. */
export class SamplingFindings {
  readonly scores = new Map<string, PairScore>();
  readonly decisions = new Map<string, GateDecision>();
  readonly samples = new Map<string, readonly Sample[]>();
  readonly pairings = new Map<string, Pairing>();
  readonly onlineScores = new Map<string, PairScore>();
  readonly fates = new RowFates<RowFate>();
  /** Resolves with the first annotation that did not fail, or when all are done. */
  readonly annotated = Promise.withResolvers<void>();
  /** Responses that the training reward was paid for. */
  annotationCount = 0;
  /** Rows of which it is not known that they will never come to generation, to annotation, to a pair. */
  readonly open: { generate: number; annotate: number; pair: number };

  constructor(rowCount: number) {
    this.open = { generate: rowCount, annotate: rowCount, pair: rowCount };
    // Nobody may be waiting for it.
    this.annotated.promise.catch(() => undefined);
  }

  /** What is not known yet never will be. */
  fail(reason: unknown): void {
    this.fates.fail(reason);
    this.annotated.reject(reason);
  }
}

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
type AnsweredRow = PreferenceRow & { readonly answers: readonly Answer[]; readonly usable: readonly Sample[] };

/** The rows that have become pairs, in their order; the findings tell what became of the others. */
export async function* samplePairs(
  context: RunContext,
  pipeline: Pipeline,
  flow: SamplingFlow,
): AsyncGenerator<{ readonly row: PreferenceRow; readonly pair: OnlinePair }, void, undefined> {
  const { iteration, policy, reference, keeper, rows, findings } = flow;
  const { config, trainingReward } = context;
  const { open } = findings;
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
    source: chosenRows(gated, findings),
    itemsExpected: () => open.generate,
    samplesPerPrompt: config.algorithm.samples_per_prompt,
    sampling: samplingOf(config),
    seedKey: [config.seed, iteration],
  });
  const annotated = annotate(context, pipeline, {
    phase: 'annotate',
    iteration,
    model: trainingReward,
    purpose: 'training',
    source: answeredRows(sampled, findings),
    itemsExpected: () => open.annotate,
    onBought: ({ paid, found }) => {
      findings.annotationCount += paid;
      if (paid + found > 0) findings.annotated.resolve();
    },
  });
  for await (const { item, rewards } of annotated) {
    const pairing = bestAgainstWorst(item.usable, rewards);
    settle(findings, item, pairing);
    if (pairing.kind === 'pair') yield { row: item, pair: pairing.pair };
  }
}

/** Rows that the gate chose. */
async function* chosenRows(
  gated: AsyncIterable<readonly Gated<ScoredRow>[]>,
  findings: SamplingFindings,
): AsyncGenerator<PreferenceRow, void, undefined> {
  const { scores, decisions, open, fates } = findings;
  for await (const rows of gated) {
    for (const { item, score, decision } of rows) {
      if (score) scores.set(item.id, score);
      if (decision) decisions.set(item.id, decision);
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

function settle({ pairings, open, fates }: SamplingFindings, { id }: PreferenceRow, pairing: Pairing): void {
  pairings.set(id, pairing);
  if (pairing.kind !== 'pair') open.pair -= 1;
  fates.settle(id, pairing);
}

export function offlinePair({ chosen, rejected }: Pick<PreferenceRow, 'chosen' | 'rejected'>): ResponsePair {
  return { chosen: { text: chosen, form: 'text' }, rejected: { text: rejected, form: 'text' } };
}

export function onlinePair({ chosen, rejected }: OnlinePair): ResponsePair {
  return { chosen: responseOf(chosen), rejected: responseOf(rejected) };
}

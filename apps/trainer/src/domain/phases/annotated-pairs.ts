/**
 * @file From answers to pairs: annotation within the budget, in passes. What the first one leaves without annotations is asked
 * for once more at the end, under the same model where its annotator was down, under the one in service where no replica
 * answers for the iteration's any more. Until then nobody trains on such a row, so that one that is annotated later is trained
 * on as if nothing had been.
 */
import { bestAgainstWorst, type OnlinePair } from '../algorithm/pairing.js';
import type { PreferenceRow } from '../algorithm/rows.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { streamOf } from '../pipeline/streams.js';
import { FIRST_PASS, againPhase, firstPhase, movedPhase, type NextPass } from '../rewards/annotation-passes.js';
import type { RunContext } from '../run/run-context.js';
import { annotate, type Annotated } from './annotate.js';
import { lose, settle, type AnsweredRow, type SamplingFindings } from './sampling-findings.js';

/** A row and the pair that its samples gave. */
export interface PairedRow {
  readonly row: PreferenceRow;
  readonly pair: OnlinePair;
}

interface Annotating {
  readonly iteration: number;
  readonly findings: SamplingFindings;
  readonly answered: AsyncIterable<AnsweredRow>;
}

/** The rows that have become pairs, in their order, those of later passes last; the findings tell what became of the others. */
export async function* annotatedPairs(
  context: RunContext,
  pipeline: Pipeline,
  { iteration, findings, answered }: Annotating,
): AsyncGenerator<PairedRow, void, undefined> {
  const { rewards } = context;
  const of = { iteration, findings };
  let missing = yield* annotatedPass(context, pipeline, {
    ...of,
    phase: firstPhase(rewards.training, rewards.first.models),
    mayFail: false,
    unitOffset: 0,
    source: answered,
    itemsExpected: () => findings.open.annotate,
  });
  const askedAgain = new Set<string>();
  for (let number = FIRST_PASS + 1; missing.length > 0; number++) {
    const again = againPhase(rewards.training, rewards.first.models);
    const mayAskAgain = !askedAgain.has(again);
    const next = await rewards.afterPass(iteration, { next: number, promptCount: missing.length, mayAskAgain });
    if (next.kind === 'end') return loseAll(context, of, missing);
    if (next.kind === 'again') askedAgain.add(again);
    missing = yield* annotatedPass(context, pipeline, {
      ...of,
      ...(await laterPass(context, { next, number, missing, findings })),
    });
  }
}

interface Pass {
  readonly iteration: number;
  readonly findings: SamplingFindings;
  readonly phase: string;
  /** True where the run goes on though nothing could be scored. */
  readonly mayFail: boolean;
  /** True where the same model is asked once more. @default false */
  readonly isBackfill?: boolean;
  /** Units of the passes before. */
  readonly unitOffset: number;
  readonly source: AsyncIterable<AnsweredRow>;
  readonly itemsExpected: () => number;
}

interface Later {
  readonly next: NextPass;
  readonly number: number;
  readonly missing: readonly AnsweredRow[];
  readonly findings: SamplingFindings;
}

async function laterPass(
  { rewards, annotators, spending }: RunContext,
  { next, number, missing, findings }: Later,
): Promise<Omit<Pass, 'iteration' | 'findings'>> {
  const isBackfill = next.kind === 'again';
  const guard = await annotators.of(rewards.training.name);
  if (isBackfill || guard.isLost) guard.probeSoon();
  spending.reopen();
  const { first, training } = rewards;
  return {
    phase: isBackfill ? againPhase(training, first.models) : movedPhase(number, training, first.models),
    isBackfill,
    // A pass over what was missing before may end without a single score.
    mayFail: true,
    unitOffset: unitsSoFar(findings),
    source: streamOf(missing),
    itemsExpected: () => missing.length,
  };
}

/** Annotates; returns the rows that nothing is known of since the annotator was down, or gone. */
async function* annotatedPass(
  context: RunContext,
  pipeline: Pipeline,
  pass: Pass,
): AsyncGenerator<PairedRow, AnsweredRow[], undefined> {
  const { findings, isBackfill = false } = pass;
  const missing: AnsweredRow[] = [];
  for await (const annotated of annotatedRows(context, pipeline, pass)) {
    const { item, isLost } = annotated;
    if (isLost) {
      missing.push(item);
      continue;
    }
    if (isBackfill) findings.backfilled.add(item.id);
    yield* paired(context, findings, annotated);
  }
  return missing;
}

function annotatedRows(
  context: RunContext,
  pipeline: Pipeline,
  { iteration, findings, phase, mayFail, unitOffset, source, itemsExpected }: Pass,
): AsyncIterable<Annotated<AnsweredRow>> {
  const { spending, story, rewards } = context;
  const { gateStates } = findings;
  return annotate(context, pipeline, {
    phase,
    iteration,
    model: rewards.training,
    purpose: 'training',
    source,
    itemsExpected,
    mayFail,
    admit: async (request) => await spending.admit(request),
    onRefused: (item, { unit, closedBy }) => {
      // Which of these were drawn before the gate closed is a matter of time, and of no consequence.
      findings.samples.delete(item.id);
      findings.open.annotate -= 1;
      gateStates.push({ iteration, unit: unitOffset + unit, closedBy });
      lose(findings, item, closedBy);
      story.settled(false);
    },
    onBought: ({ paid, found, lost, isGone = false }, unit) => {
      findings.annotationCount += paid;
      if (paid + found > 0) findings.annotated.resolve();
      const isClosed = lost !== undefined && !isGone;
      gateStates.push({ iteration, unit: unitOffset + unit, closedBy: isClosed ? 'annotator' : undefined });
    },
    figures: () => story.figures(spending.spent),
  });
}

/** What nobody annotates any more. */
function loseAll(
  { story }: RunContext,
  { iteration, findings }: { readonly iteration: number; readonly findings: SamplingFindings },
  rows: readonly AnsweredRow[],
): void {
  findings.gateStates.push({ iteration, unit: unitsSoFar(findings), closedBy: 'annotator' });
  for (const row of rows) {
    lose(findings, row, 'annotator');
    story.settled(false);
  }
}

function unitsSoFar({ gateStates }: SamplingFindings): number {
  return 1 + Math.max(...gateStates.map(({ unit }) => unit));
}

function* paired(
  { story }: RunContext,
  findings: SamplingFindings,
  { item, rewards, failureReason }: Annotated<AnsweredRow>,
): Generator<PairedRow, void, undefined> {
  story.settled(true);
  if (failureReason !== undefined) findings.failureReasons.set(item.id, failureReason);
  const pairing = bestAgainstWorst(item.usable, rewards);
  settle(findings, item, pairing);
  if (pairing.kind === 'pair') yield { row: item, pair: pairing.pair };
}

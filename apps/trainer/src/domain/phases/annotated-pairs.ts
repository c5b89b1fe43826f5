/**
 * @file From answers to pairs: annotation within the budget, and once more at the end for what was lost while the annotator
 * was down. Until then nobody trains on a lost row, so that one that is back-filled is trained on as if nothing had been.
 */
import { bestAgainstWorst, type OnlinePair } from '../algorithm/pairing.js';
import type { PreferenceRow } from '../algorithm/rows.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { streamOf } from '../pipeline/streams.js';
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

/** The rows that have become pairs, in their order, back-filled ones last; the findings tell what became of the others. */
export async function* annotatedPairs(
  context: RunContext,
  pipeline: Pipeline,
  { iteration, findings, answered }: Annotating,
): AsyncGenerator<PairedRow, void, undefined> {
  const { spending, annotators, rewards } = context;
  const missing: AnsweredRow[] = [];
  const { open } = findings;
  const first = {
    iteration,
    findings,
    phase: rewards.phaseOf('annotate', rewards.training),
    mayFail: false,
    unitOffset: 0,
    source: answered,
    itemsExpected: () => open.annotate,
  };
  for await (const annotated of annotatedRows(context, pipeline, first)) {
    if (annotated.isLost) missing.push(annotated.item);
    else yield* paired(context, findings, annotated);
  }
  if (missing.length === 0) return;
  (await annotators.of(rewards.training.name)).probeSoon();
  spending.reopen();
  const again = {
    ...first,
    phase: rewards.phaseOf('backfill', rewards.training),
    // A pass over what was lost before may end without a single score.
    mayFail: true,
    unitOffset: 1 + Math.max(...findings.gateStates.map(({ unit }) => unit)),
    source: streamOf(missing),
    itemsExpected: () => missing.length,
  };
  for await (const annotated of annotatedRows(context, pipeline, again)) {
    const { item, isLost } = annotated;
    if (isLost) {
      lose(findings, item, 'annotator');
      context.story.settled(false);
      continue;
    }
    findings.backfilled.add(item.id);
    yield* paired(context, findings, annotated);
  }
}

interface Pass {
  readonly iteration: number;
  readonly findings: SamplingFindings;
  readonly phase: string;
  /** True where the run goes on though nothing could be scored. */
  readonly mayFail: boolean;
  /** Units of the passes before. */
  readonly unitOffset: number;
  readonly source: AsyncIterable<AnsweredRow>;
  readonly itemsExpected: () => number;
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
    onBought: ({ paid, found, lost }, unit) => {
      findings.annotationCount += paid;
      if (paid + found > 0) findings.annotated.resolve();
      gateStates.push({ iteration, unit: unitOffset + unit, closedBy: lost === undefined ? undefined : 'annotator' });
    },
    figures: () => story.figures(spending.spent),
  });
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

/**
 * @file The annotation phase: rewards for responses, each paid for once.
 *
 * A text that stands in several units is asked for by the first of them, so that what is sent depends on neither timing
 * nor concurrency. The scores are part of the unit's result: what the run goes on with is in its own journal, whatever
 * becomes of a shared ledger. A response that could not be scored has none; it never counts as zero.
 */
import type { Prompt } from '#contracts/common';
import { digestOf, digestOfJson } from '#core';
import type { ClosingReason } from '#report';
import type { AdmissionRequest, Admitted } from '../budget/spending.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { grouped } from '../pipeline/streams.js';
import type { Answer, RewardModel } from '../ports/reward-port.js';
import { RESCORED, epochCounters } from '../rewards/epoch-counts.js';
import type { RunContext } from '../run/run-context.js';
import type { Figures } from '../run/run-events.js';
import { PhaseFailedError } from '../run/run.errors.js';
import type { UnitPlan } from '../run/unit-runner.js';
import { unitName, type UnitKey } from '../storage/journal.js';
import { countersOf, type LedgerKey, type Purpose } from '../storage/ledger.js';
import { buyScores, type PurchaseOutcome, type WantedText } from './buy-scores.js';
import { unitStage } from './unit-stage.js';

/** Digits of a text's short name. */
const NAME_DIGITS = 16;

/** A prompt whose answers are annotated. */
export interface AnnotateInput {
  readonly id: string;
  readonly prompt: Prompt;
  /** At least one. */
  readonly answers: readonly Answer[];
}

export interface AnnotateStage<I> {
  readonly phase: string;
  readonly iteration: number;
  readonly model: RewardModel;
  readonly purpose: Purpose;
  readonly source: AsyncIterable<I>;
  /** Prompts as far as can be told now, never fewer than come. */
  readonly itemsExpected: () => number;
  /** Says which leading prompts of a unit are within the budget; without it all are. */
  readonly admit?: (request: AdmissionRequest) => Promise<Admitted>;
  /** Told of prompts that were not admitted, and of the unit that they would have been in. */
  readonly onRefused?: (item: I, refused: { readonly unit: number; readonly closedBy: ClosingReason }) => void;
  /** Told what each unit cost, in the order of units. */
  readonly onBought?: (outcome: PurchaseOutcome, unit: number) => void;
  /** True where the run goes on though nothing could be scored. @default false */
  readonly mayFail?: boolean;
  /** More figures for watchers, with every unit. */
  readonly figures?: () => Figures;
  /** True where another model has scored the same answers before. @default false */
  readonly isRescore?: boolean;
}

export interface Annotated<I> {
  readonly item: I;
  /** In the order of the answers; null where the annotation failed. */
  readonly rewards: readonly (number | null)[];
  /** True where the annotator was down, or its model gone, so that nothing is said about the answers. */
  readonly isLost: boolean;
  /** Why the first annotation of this item failed that did. */
  readonly failureReason: string | undefined;
}

/** An item with what is wanted for it. */
interface Wanting<I> {
  readonly item: I;
  readonly wanted: readonly Wanted[];
}

interface Wanted extends WantedText {
  /** False when an earlier item of the phase asks for the same text. */
  readonly first: boolean;
}

/** Rewards of each prompt's answers, in the order of the prompts. Halts with PhaseFailedError when nothing could be scored. */
export async function* annotate<I extends AnnotateInput>(
  context: RunContext,
  pipeline: Pipeline,
  stage: AnnotateStage<I>,
): AsyncGenerator<Annotated<I>, void, undefined> {
  const { phase, iteration, model, source, itemsExpected, onBought, mayFail = false, figures } = stage;
  const { annotate_items } = context.config.units;
  const units = unitStage<Wanting<I>, PurchaseOutcome>(context, pipeline, {
    phase,
    iteration,
    source: admitted(stage, grouped(wantedOf(model, source), annotate_items)),
    unitsExpected: () => Math.ceil(itemsExpected() / annotate_items),
    planOf: (items, key) =>
      purchasePlan(
        context,
        stage,
        items.flatMap(({ wanted }) => wanted),
        key,
      ),
    noteOf: stage.purpose === 'training' ? noteOf : undefined,
    ...(figures && { figuresOf: figures }),
    ended: async (outcomes) => {
      if (!mayFail) await refuseTotalFailure(context, { phase, iteration }, outcomes);
      return {
        annotations: total(outcomes, ({ paid }) => paid),
        from_ledger: total(outcomes, ({ found }) => found),
        failed: total(outcomes, ({ failures }) => failures.length),
        lost: outcomes.filter(({ lost, isGone = false }) => lost !== undefined && !isGone).length,
        ...figures?.(),
      };
    },
  });
  // Each text has the score that the unit got which asked for it; that one is this unit, or an earlier one.
  const scores = new Map<string, number | null>();
  let unit = 0;
  for await (const { items, result } of units) {
    onBought?.(result, unit++);
    const firsts = items.flatMap(({ wanted }) => wanted.filter(({ first }) => first));
    firsts.forEach(({ key }, index) => scores.set(textName(key), result.scores[index] ?? null));
    for (const { item, wanted } of items) {
      const rewards = wanted.map(({ key }) => scores.get(textName(key)) ?? null);
      const failureReason = result.failures.find(({ itemId }) => itemId === item.id)?.reason;
      yield { item, rewards, isLost: result.lost !== undefined && rewards.includes(null), failureReason };
    }
  }
}

/** The units within the budget, in their order. The first one that is not whole is the last. */
async function* admitted<I extends AnnotateInput>(
  { phase, iteration, admit, onRefused }: AnnotateStage<I>,
  units: AsyncIterable<readonly Wanting<I>[]>,
): AsyncGenerator<readonly Wanting<I>[], void, undefined> {
  let unit = 0;
  let closedBy: ClosingReason | undefined;
  for await (const items of units) {
    let promptCount = closedBy === undefined ? items.length : 0;
    if (admit && closedBy === undefined) {
      const prompts = items.map(({ wanted }) => wanted.filter(({ first }) => first).map(({ key }) => key));
      ({ promptCount, closedBy } = await admit({ key: { iteration, phase, unit }, prompts }));
      if (promptCount > 0) unit += 1;
    }
    if (closedBy !== undefined) for (const { item } of items.slice(promptCount)) onRefused?.(item, { unit, closedBy });
    if (promptCount > 0) yield items.slice(0, promptCount);
  }
}

function purchasePlan(
  context: RunContext,
  { model, purpose, isRescore = false }: Pick<AnnotateStage<never>, 'model' | 'purpose' | 'isRescore'>,
  wanted: readonly Wanted[],
  key: UnitKey,
): UnitPlan<PurchaseOutcome> {
  return {
    key,
    service: 'reward',
    request: {
      model: model.weightsDigest,
      wanted: wanted.map(({ itemId, key: text }) => [itemId, text.responseDigest]),
    },
    compute: async (signal, halted) => {
      const firsts = wanted.filter(({ first }) => first);
      const purchase = { model, purpose, unit: unitName(key), wanted: firsts };
      const bought = await buyScores(context, purchase, {
        signal,
        stop: AbortSignal.any([context.stop, ...(halted ? [halted] : [])]),
      });
      const outcome = { ...bought, found: bought.found + wanted.length - firsts.length };
      context.observer.annotations(model.name, outcome);
      return outcome;
    },
    alsoCommit: ({ paid, found, lost, isGone = false, origins }) => ({
      counters: {
        ...countersOf(purpose, { paid, fromLedger: found }),
        ...(origins && epochCounters(model, purpose, origins)),
        ...(isRescore && { [RESCORED]: paid + found }),
      },
      ...context.annotators.factsOf(model.name, lost !== undefined && !isGone),
    }),
  };
}

function noteOf(items: readonly Wanting<AnnotateInput>[]): { items: string[]; texts: string[][] } {
  return {
    items: items.map(({ item }) => item.id),
    texts: items.map(({ wanted }) => wanted.map(({ key }) => shortName(key))),
  };
}

/** Enough to tell the texts of one phase apart. */
function shortName({ promptDigest, responseDigest }: LedgerKey): string {
  return digestOf(`${promptDigest} ${responseDigest}`).slice('sha256:'.length).slice(0, NAME_DIGITS);
}

/** What is wanted, item by item, with the first place of each text marked: it depends on the order of items alone. */
async function* wantedOf<I extends AnnotateInput>(
  { weightsDigest }: RewardModel,
  source: AsyncIterable<I>,
): AsyncGenerator<Wanting<I>, void, undefined> {
  const seen = new Set<string>();
  for await (const item of source) {
    const { id, prompt, answers } = item;
    const promptDigest = digestOfJson(prompt);
    const wanted = answers.map((answer): Wanted => {
      const key = { weightsDigest, promptDigest, responseDigest: digestOfJson(answer) };
      const name = textName(key);
      const first = !seen.has(name);
      seen.add(name);
      return { itemId: id, prompt, answer, key, first };
    });
    yield { item, wanted };
  }
}

function textName({ promptDigest, responseDigest }: LedgerKey): string {
  return `${promptDigest} ${responseDigest}`;
}

function total(outcomes: readonly PurchaseOutcome[], pick: (outcome: PurchaseOutcome) => number): number {
  return outcomes.reduce((sum, outcome) => sum + pick(outcome), 0);
}

/** When nothing at all could be scored, going on would only hide what is wrong. */
async function refuseTotalFailure(
  { journal }: RunContext,
  { phase, iteration }: { readonly phase: string; readonly iteration: number },
  outcomes: readonly PurchaseOutcome[],
): Promise<void> {
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const [first] = failures;
  const isOutage = outcomes.some(({ lost }) => lost !== undefined);
  if (!first || isOutage || total(outcomes, ({ paid, found }) => paid + found) > 0) return;
  await journal.commit({ forgottenUnits: { iteration, phase } });
  throw new PhaseFailedError(phase, failures.length, first);
}

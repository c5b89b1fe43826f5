/**
 * @file The annotation phase: rewards for responses, each paid for once.
 *
 * A text that stands in several units is asked for by the first of them, so that what is sent depends on neither timing
 * nor concurrency. The scores are part of the unit's result: what the run goes on with is in its own journal, whatever
 * becomes of a shared ledger. A response that could not be scored has none; it never counts as zero.
 */
import type { Prompt } from '#contracts/common';
import { digestOfJson, type Digest } from '#core';
import { chunked } from '../algorithm/rows.js';
import type { Answer, RewardModel } from '../ports/reward-port.js';
import type { RunContext } from '../run/run-context.js';
import { PhaseFailedError } from '../run/run.errors.js';
import type { UnitPlan } from '../run/unit-runner.js';
import { unitName } from '../storage/journal.js';
import { countersOf, type LedgerKey, type Purpose } from '../storage/ledger.js';
import { buyScores, type PurchaseOutcome, type WantedText } from './buy-scores.js';

export interface AnnotatePhase {
  readonly phase: string;
  readonly iteration: number;
  readonly model: RewardModel;
  readonly purpose: Purpose;
  readonly items: readonly { readonly id: string; readonly prompt: Prompt; readonly answers: readonly Answer[] }[];
}

interface Wanted extends WantedText {
  /** False when an earlier unit of the phase asks for the same text. */
  readonly first: boolean;
}

export interface AnnotateOutcome {
  /** Rewards by item id in order of its answers; null where the annotation failed. */
  readonly scores: ReadonlyMap<string, readonly (number | null)[]>;
  /** Annotations that were bought; a text that was drawn twice is bought once. */
  readonly paid: number;
}

export async function annotate(context: RunContext, request: AnnotatePhase): Promise<AnnotateOutcome> {
  const { phase, iteration, model, purpose } = request;
  const groups = chunked(wantedOf(request), context.config.units.annotate_items);
  const plans = groups.map((group, unit): UnitPlan<PurchaseOutcome> => {
    const wanted = group.flat();
    const key = { iteration, phase, unit };
    return {
      key,
      request: { model: model.weightsDigest, wanted: wanted.map(({ itemId, key }) => [itemId, key.responseDigest]) },
      compute: async (signal) => {
        const firsts = wanted.filter(({ first }) => first);
        const purchase = { model, purpose, unit: unitName(key), wanted: firsts };
        const bought = await buyScores(context, purchase, signal);
        const outcome = { ...bought, found: bought.found + wanted.length - firsts.length };
        context.observer.annotations(model.name, outcome);
        return outcome;
      },
      alsoCommit: ({ paid, found }) => ({ counters: countersOf(purpose, { paid, fromLedger: found }) }),
    };
  });
  const units = { count: plans.length, countDone: await context.journal.unitCount(iteration, phase) };
  const outcomes = await context.phases.track({ phase, iteration }, units, async ({ advance }) => {
    const value = await context.units.run(plans, { onDone: () => advance() });
    await refuseTotalFailure(context, request, value);
    const figures = {
      annotations: total(value, ({ paid }) => paid),
      from_ledger: total(value, ({ found }) => found),
      failed: total(value, ({ failures }) => failures.length),
    };
    return { value, figures };
  });
  return { scores: scoresOf(request, groups, outcomes), paid: total(outcomes, ({ paid }) => paid) };
}

function total(outcomes: readonly PurchaseOutcome[], pick: (outcome: PurchaseOutcome) => number): number {
  return outcomes.reduce((sum, outcome) => sum + pick(outcome), 0);
}

/** Scores by item: each text has that of the unit that asked for it. */
function scoresOf(
  { model, items }: AnnotatePhase,
  groups: readonly (readonly Wanted[][])[],
  outcomes: readonly PurchaseOutcome[],
): AnnotateOutcome['scores'] {
  const byText = new Map<string, number | null>();
  groups.forEach((group, unit) => {
    const firsts = group.flat().filter(({ first }) => first);
    firsts.forEach(({ key }, index) => byText.set(textName(key), outcomes[unit]!.scores[index] ?? null));
  });
  return new Map(
    items.map(({ id, prompt, answers }) => {
      return [id, keysOf(model, prompt, answers).map((key) => byText.get(textName(key)) ?? null)];
    }),
  );
}

/** When nothing at all could be scored, going on would only hide what is wrong. */
async function refuseTotalFailure(
  { journal }: RunContext,
  { phase, iteration }: AnnotatePhase,
  outcomes: readonly PurchaseOutcome[],
): Promise<void> {
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const [first] = failures;
  const hasScores = outcomes.some(({ paid, found }) => paid + found > 0);
  if (!first || hasScores) return;
  await journal.commit({ forgottenUnits: { iteration, phase } });
  throw new PhaseFailedError(phase, failures.length, first);
}

/** What is wanted, item by item, with the first place of each text marked. */
function wantedOf({ model, items }: AnnotatePhase): Wanted[][] {
  const seen = new Set<string>();
  return items.map(({ id, prompt, answers }) =>
    keysOf(model, prompt, answers).map((key, index) => {
      const name = textName(key);
      const first = !seen.has(name);
      seen.add(name);
      return { itemId: id, prompt, answer: answers[index]!, key, first };
    }),
  );
}

function textName({ promptDigest, responseDigest }: LedgerKey): string {
  return `${promptDigest} ${responseDigest}`;
}

function keysOf({ weightsDigest }: RewardModel, prompt: Prompt, answers: readonly Answer[]): LedgerKey[] {
  const promptDigest: Digest = digestOfJson(prompt);
  return answers.map((answer) => ({ weightsDigest, promptDigest, responseDigest: digestOfJson(answer) }));
}

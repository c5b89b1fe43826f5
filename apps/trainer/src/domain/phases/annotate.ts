/**
 * @file The annotation phase: rewards for responses, each paid for once.
 *
 * A text that stands in several units is asked for by the first of them, so that what is sent depends on neither timing
 * nor concurrency. Scores are then read from the ledger. A response that could not be scored has none; it never counts
 * as zero.
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
  const { phase, iteration, model, purpose, items } = request;
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
        const { paid, found, failures } = await buyScores(context, purchase, signal);
        const outcome = { paid, found: found + wanted.length - firsts.length, failures };
        context.observer.annotations(model.name, outcome);
        return outcome;
      },
      alsoCommit: ({ paid, found }) => ({ counters: countersOf(purpose, { paid, fromLedger: found }) }),
    };
  });
  const units = { count: plans.length, countDone: await context.journal.unitCount(iteration, phase) };
  const paid = await context.phases.track({ phase, iteration }, units, async ({ advance }) => {
    const outcomes = await context.units.run(plans, { onDone: () => advance() });
    await refuseTotalFailure(context, request, outcomes);
    const total = (pick: (outcome: PurchaseOutcome) => number) =>
      outcomes.reduce((sum, outcome) => sum + pick(outcome), 0);
    const figures = {
      annotations: total(({ paid }) => paid),
      from_ledger: total(({ found }) => found),
      failed: total(({ failures }) => failures.length),
    };
    return { value: figures.annotations, figures };
  });
  const scores = new Map<string, readonly (number | null)[]>();
  for (const { id, prompt, answers } of items) {
    const held = await context.ledger.scores(keysOf(model, prompt, answers));
    scores.set(
      id,
      held.map((score) => score ?? null),
    );
  }
  return { scores, paid };
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
      const name = `${key.promptDigest} ${key.responseDigest}`;
      const first = !seen.has(name);
      seen.add(name);
      return { itemId: id, prompt, answer: answers[index]!, key, first };
    }),
  );
}

function keysOf({ weightsDigest }: RewardModel, prompt: Prompt, answers: readonly Answer[]): LedgerKey[] {
  const promptDigest: Digest = digestOfJson(prompt);
  return answers.map((answer) => ({ weightsDigest, promptDigest, responseDigest: digestOfJson(answer) }));
}

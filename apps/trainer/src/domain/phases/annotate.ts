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
import type { AnnotateUnit, Answer, RewardModel } from '../ports/reward-port.js';
import type { RunContext } from '../run/run-context.js';
import { PhaseFailedError } from '../run/run.errors.js';
import type { UnitPlan } from '../run/unit-runner.js';
import type { LedgerEntry, LedgerKey, Purpose } from '../storage/ledger.js';

export interface AnnotatePhase {
  readonly phase: string;
  readonly iteration: number;
  readonly model: RewardModel;
  readonly purpose: Purpose;
  readonly items: readonly { readonly id: string; readonly prompt: Prompt; readonly answers: readonly Answer[] }[];
}

interface Wanted {
  readonly itemId: string;
  readonly prompt: Prompt;
  readonly answer: Answer;
  readonly key: LedgerKey;
  /** False when an earlier unit of the phase asks for the same text. */
  readonly first: boolean;
}

interface UnitOutcome {
  readonly sent: number;
  readonly found: number;
  readonly failures: readonly { readonly itemId: string; readonly reason: string; readonly message: string }[];
}

export interface AnnotateOutcome {
  /** Rewards by item id in order of its answers; null where the annotation failed. */
  readonly scores: ReadonlyMap<string, readonly (number | null)[]>;
  /** Annotations that were bought; a text that was drawn twice is bought once. */
  readonly paid: number;
}

export async function annotate(context: RunContext, request: AnnotatePhase): Promise<AnnotateOutcome> {
  const { phase, iteration, model, items } = request;
  const groups = chunked(wantedOf(request), context.config.units.annotate_items);
  const bought = new Map<number, readonly LedgerEntry[]>();
  const plans = groups.map((group, unit): UnitPlan<UnitOutcome> => {
    const wanted = group.flat();
    return {
      key: { iteration, phase, unit },
      request: { model: model.weightsDigest, wanted: wanted.map(({ itemId, key }) => [itemId, key.responseDigest]) },
      compute: async (signal) => {
        const { outcome, entries } = await buy(context, { request, unit, wanted }, signal);
        bought.set(unit, entries);
        return outcome;
      },
      alsoCommit: ({ found }) => {
        const entries = bought.get(unit) ?? [];
        context.ledger.add(entries, request.purpose);
        context.ledger.countFound(found, request.purpose);
        context.observer.annotations(model.name, { paid: entries.length, found });
      },
    };
  });
  const units = { count: plans.length, countDone: context.journal.unitCount(iteration, phase) };
  const paid = await context.phases.track({ phase, iteration }, units, async ({ advance }) => {
    const outcomes = await context.units.run(plans, { onDone: () => advance() });
    refuseTotalFailure(context, request, outcomes);
    const total = (pick: (outcome: UnitOutcome) => number) => outcomes.reduce((sum, outcome) => sum + pick(outcome), 0);
    const figures = {
      annotations: total(({ sent, failures }) => sent - failures.length),
      from_ledger: total(({ found }) => found),
      failed: total(({ failures }) => failures.length),
    };
    return { value: figures.annotations, figures };
  });
  const scores = items.map(({ id, prompt, answers }) => {
    const keys = keysOf(model, prompt, answers);
    return [id, keys.map((key) => context.ledger.score(key) ?? null)] as const;
  });
  return { scores: new Map(scores), paid };
}

/** When nothing at all could be scored, going on would only hide what is wrong. */
function refuseTotalFailure(
  { journal }: RunContext,
  { phase, iteration }: AnnotatePhase,
  outcomes: readonly UnitOutcome[],
): void {
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const [first] = failures;
  const hasScores = outcomes.some(({ sent, found, failures: { length } }) => found > 0 || sent > length);
  if (!first || hasScores) return;
  journal.forgetUnits(iteration, phase);
  throw new PhaseFailedError(phase, failures.length, first);
}

async function buy(
  context: RunContext,
  { request, unit, wanted }: { request: AnnotatePhase; unit: number; wanted: readonly Wanted[] },
  signal: AbortSignal,
): Promise<{ outcome: UnitOutcome; entries: LedgerEntry[] }> {
  const sent = wanted.filter(({ first, key }) => first && context.ledger.score(key) === undefined);
  const found = wanted.length - sent.length;
  if (sent.length === 0) return { outcome: { sent: 0, found, failures: [] }, entries: [] };
  const byItem = Map.groupBy(sent, ({ itemId }) => itemId);
  const call: AnnotateUnit = {
    requestId: `${context.runId}/${request.iteration}/${request.phase}/${unit}`,
    model: request.model,
    items: [...byItem].map(([itemId, wantedOfItem]) => {
      return { itemId, prompt: wantedOfItem[0]!.prompt, responses: wantedOfItem.map(({ answer }) => answer) };
    }),
  };
  const { items, provenance } = await context.reward.annotate(call, { signal });
  const entries: LedgerEntry[] = [];
  const failures: UnitOutcome['failures'][number][] = [];
  [...byItem.values()].forEach((texts, index) => {
    const outcome = items[index]!;
    texts.forEach(({ itemId, key }, position) => {
      const annotation = outcome.ok ? outcome.value[position]! : outcome;
      if (annotation.ok) entries.push({ ...key, ...annotation.value, provenance });
      else failures.push({ itemId, ...annotation.failure });
    });
  });
  return { outcome: { sent: sent.length, found, failures }, entries };
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

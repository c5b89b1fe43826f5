/**
 * @file Buys what the ledger lacks. What is held is taken, what nobody asks for is claimed and asked for, and what another
 * run asks for is waited for: two runs never pay for the same text.
 *
 * The scores are durable in the ledger when this resolves, whatever becomes of the unit that wanted them.
 */
import type { Prompt } from '#contracts/common';
import { assert, digestOfJson, messageOf } from '#core';
import { askPatiently } from '../degrade/ask-patiently.js';
import { RewardEpochGoneError } from '../ports/ports.errors.js';
import type { AnnotateUnit, Answer, RewardModel } from '../ports/reward-port.js';
import type { RunContext } from '../run/run-context.js';
import { keepingLease } from '../storage/keeping-lease.js';
import { originsOf, type ScoreOrigins } from '../rewards/score-origins.js';
import {
  annotationCounts,
  ledgerKeyName,
  type Buyer,
  type LedgerEntry,
  type LedgerKey,
  type Purpose,
} from '../storage/ledger.js';

/** One text whose score is wanted; no two of a purchase have the same key. */
export interface WantedText {
  readonly itemId: string;
  readonly prompt: Prompt;
  readonly answer: Answer;
  readonly key: LedgerKey;
}

export interface Purchase {
  readonly model: RewardModel;
  readonly purpose: Purpose;
  /** Name of the unit within the run. */
  readonly unit: string;
  readonly wanted: readonly WantedText[];
}

export interface PurchaseOutcome {
  /** In the order of what was wanted; null where the annotation failed. */
  readonly scores: readonly (number | null)[];
  /** Scores that this unit bought, those of an earlier process included. */
  readonly paid: number;
  /** Scores that others had bought. */
  readonly found: number;
  readonly failures: readonly { readonly itemId: string; readonly reason: string; readonly message: string }[];
  /** Why the rest was given up, where the annotator was down for longer than the run's patience. */
  readonly lost?: string;
  /** True where that was since no replica answers for the model any more: the annotator itself is well. */
  readonly isGone?: boolean;
  /** Absent in what earlier versions wrote. */
  readonly origins?: ScoreOrigins;
}

/** Longest time between two looks at what another run is asking for. */
const LOOK_AGAIN_MS = 100;
/** Digits of the digest that tells two requests of one unit apart. */
const REQUEST_DIGEST_DIGITS = 16;

export interface PurchaseSignals {
  /** Aborted: what is under way is given up. */
  readonly signal: AbortSignal;
  /** Aborted: nothing is waited for any more. */
  readonly stop: AbortSignal;
}

export async function buyScores(
  context: RunContext,
  purchase: Purchase,
  { signal, stop }: PurchaseSignals,
): Promise<PurchaseOutcome> {
  const { ledger, clock, runId, attempt } = context;
  const buyer: Buyer = { runId, attempt, unit: purchase.unit };
  let wanted = purchase.wanted;
  const paid = new Set<string>();
  let found = 0;
  const failures: PurchaseOutcome['failures'][number][] = [];
  // Where two bought the same text after all, the first score counts for both.
  const outcome = async (): Promise<PurchaseOutcome> => {
    const entries = await ledger.entries(keysOf(purchase.wanted));
    const scores = entries.map((entry) => entry?.score ?? null);
    return { scores, paid: paid.size, found, failures, origins: originsOf(entries, paid) };
  };
  while (wanted.length > 0) {
    signal.throwIfAborted();
    const claims = await ledger.claim(keysOf(wanted), buyer);
    const granted = wanted.filter((_, index) => claims[index]!.kind === 'granted');
    for (const [index, claim] of claims.entries()) {
      if (claim.kind !== 'held') continue;
      if (claim.own) paid.add(ledgerKeyName(wanted[index]!.key));
      else found += 1;
    }
    wanted = wanted.filter((_, index) => claims[index]!.kind === 'elsewhere');
    if (granted.length > 0) {
      const bought = await ask(context, { ...purchase, wanted: granted }, { buyer, signal, stop });
      for (const key of bought.paid) paid.add(ledgerKeyName(key));
      failures.push(...bought.failures);
      if (bought.lost === undefined) continue;
      return { ...(await outcome()), lost: bought.lost, ...(bought.isGone && { isGone: true }) };
    } else if (wanted.length > 0) {
      const untilMs = Math.min(...claims.flatMap((claim) => (claim.kind === 'elsewhere' ? [claim.untilMs] : [])));
      const waitMs = Math.min(Math.max(untilMs - clock.nowMs(), 1), LOOK_AGAIN_MS);
      await clock.sleep(waitMs, AbortSignal.any([signal, stop]));
    }
  }
  return await outcome();
}

/** What came of one request to the annotator. */
interface Bought extends Pick<PurchaseOutcome, 'failures' | 'lost' | 'isGone'> {
  readonly paid: readonly LedgerKey[];
}

/** Asks the reward service for what the buyer has claimed; gives the claims up when that fails. */
async function ask(
  context: RunContext,
  purchase: Purchase,
  { buyer, signal, stop }: PurchaseSignals & { readonly buyer: Buyer },
): Promise<Bought> {
  const { ledger, clock, reward, config } = context;
  const byItem = Map.groupBy(purchase.wanted, ({ itemId }) => itemId);
  const call = callOf(context, purchase, byItem);
  const lease = { ledger, clock, buyer, keys: keysOf(purchase.wanted) };
  try {
    const guard = await context.annotators.of(purchase.model.name);
    const hasWorked = hasScores(context);
    const reply = await keepingLease(lease, () =>
      askPatiently({ guard, reward, call, swaps: config.reward_swaps, hasWorked, signal, stop }),
    );
    if (reply.kind === 'lost') {
      await ledger.release(buyer);
      const lost = reply.error === undefined ? 'given up before' : messageOf(reply.error);
      return { paid: [], failures: [], lost, isGone: reply.error instanceof RewardEpochGoneError };
    }
    const { items, provenance } = reply.value;
    const entries: LedgerEntry[] = [];
    const failures: PurchaseOutcome['failures'][number][] = [];
    assert(items.length === byItem.size, 'one outcome per item');
    [...byItem.values()].forEach((texts, index) => {
      const outcome = items[index]!;
      texts.forEach(({ itemId, key }, position) => {
        const annotation = outcome.ok ? outcome.value[position]! : outcome;
        if (annotation.ok) entries.push({ ...key, ...annotation.value, provenance });
        else failures.push({ itemId, ...annotation.failure });
      });
    });
    await ledger.add(entries, { buyer, purpose: purchase.purpose });
    if (failures.length > 0) await ledger.release(buyer);
    return { paid: entries, failures };
  } catch (error) {
    // Whoever wants them next need not wait for the lease to end. Where even that fails, the lease ends by itself.
    await ledger.release(buyer).catch(() => undefined);
    throw error;
  }
}

/**
 * The request id names the unit and what it asks for: a repetition after a crash is answered from the reward service's
 * cache, and a unit that asks for the rest of its texts later is no repetition.
 */
function callOf(
  { runId }: RunContext,
  { model, unit, wanted }: Purchase,
  byItem: ReadonlyMap<string, readonly WantedText[]>,
): AnnotateUnit {
  const content = digestOfJson(keysOf(wanted)).slice('sha256:'.length).slice(0, REQUEST_DIGEST_DIGITS);
  return {
    requestId: `${runId}/${unit}/${content}`,
    model,
    items: [...byItem].map(([itemId, texts]) => {
      return { itemId, prompt: texts[0]!.prompt, responses: texts.map(({ answer }) => answer) };
    }),
  };
}

/** True when any annotation of this run succeeded, in training or evaluation. */
function hasScores({ journal }: RunContext): boolean {
  const purposes: readonly Purpose[] = ['training', 'evaluation'];
  const counts = purposes.map((purpose) => annotationCounts(journal.totals, purpose));
  return counts.some(({ paid, fromLedger }) => paid + fromLedger > 0);
}

function keysOf(wanted: readonly WantedText[]): LedgerKey[] {
  return wanted.map(({ key }) => key);
}

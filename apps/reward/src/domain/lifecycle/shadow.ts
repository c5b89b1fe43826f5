/**
 * @file A staged model in the shadow of the one in service: it scores a share of live items after their callers have been
 * answered, one item at a time, and nobody waits for it.
 *
 * What it cannot keep up with is dropped and counted. What it fails on is counted and kept for the report.
 */
import { type Clock, Rng, assert } from '#core';
import { checkedOutcome } from '../checked-outcome.js';
import type { LoadedModel } from '../loaded-model.js';
import type { PromptText, ScoreOutcome, ScoreRequest } from '../reward-backend.js';
import { ShadowRing } from './shadow-ring.js';

/** An item as the model in service has answered it. */
export interface AnsweredItem {
  readonly itemId: string;
  readonly prompt: PromptText;
  /** What the backend was asked, at least one, and what it said. */
  readonly requests: readonly ScoreRequest[];
  readonly outcomes: readonly ScoreOutcome[];
  /** Time in the backend per response, in milliseconds; absent where no backend was asked. */
  readonly responseMs?: number | undefined;
}

/** Hears of every response of live traffic that came this way: `ok`, the reason of an error, or `dropped`. For metrics. */
export type ShadowListener = (outcome: string) => void;

export interface ShadowOptions {
  readonly rewardModel: string;
  readonly staged: LoadedModel;
  readonly clock: Clock;
  readonly onResponse?: ShadowListener;
  /** Responses that may wait. @default 256 */
  readonly waitingResponsesMax?: number;
}

const WAITING_RESPONSES_MAX = 256;

export class Shadow {
  readonly ring = new ShadowRing();
  /** Responses of live traffic since it was staged. */
  readonly counts = { dropped: 0, failed: 0 };
  private fraction = 0;
  private readonly waiting: AnsweredItem[] = [];
  private waitingCount = 0;
  private working: Promise<void> | undefined;
  private stopped = new AbortController();
  private readonly rng: Rng;

  constructor(private readonly options: ShadowOptions) {
    this.rng = new Rng('shadow', options.staged.description.weightsDigest);
  }

  /** Share of live items, in [0, 1]. 0 drops what waits and keeps what was scored. */
  set trafficFraction(fraction: number) {
    assert(fraction >= 0 && fraction <= 1, `a share of ${fraction}`);
    this.fraction = fraction;
    if (fraction === 0) this.drop();
  }

  get trafficFraction(): number {
    return this.fraction;
  }

  /** What was scored beside another model in service tells nothing any more. */
  forget(): void {
    this.ring.clear();
    this.drop();
  }

  /** Resolves when nothing waits and nothing is being scored. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  /** Takes its share of what was answered. Never throws, never waits. */
  offer(items: readonly AnsweredItem[]): void {
    for (const item of items) {
      if (this.fraction === 0 || this.rng.uniform() >= this.fraction) continue;
      const { waitingResponsesMax = WAITING_RESPONSES_MAX } = this.options;
      if (this.waitingCount + item.requests.length > waitingResponsesMax) {
        this.counts.dropped += item.requests.length;
        for (const _ of item.requests) this.options.onResponse?.('dropped');
        continue;
      }
      this.waiting.push(item);
      this.waitingCount += item.requests.length;
    }
    if (this.waiting.length > 0) this.working ??= this.work();
  }

  private drop(): void {
    this.waiting.length = 0;
    this.waitingCount = 0;
    this.stopped.abort();
    this.stopped = new AbortController();
  }

  private async work(): Promise<void> {
    for (;;) {
      // Calls that wait for their turn come first.
      await new Promise(setImmediate);
      const item = this.waiting.shift();
      if (!item) {
        this.working = undefined;
        return;
      }
      this.waitingCount -= item.requests.length;
      await this.score(item, this.stopped.signal);
    }
  }

  private async score(item: AnsweredItem, signal: AbortSignal): Promise<void> {
    const { rewardModel, staged, clock, onResponse } = this.options;
    const leave = staged.enter();
    try {
      const startedMs = clock.monotonicMs();
      const onStart = (): void => void (staged.counts.started += 1);
      const requests = item.requests;
      const raw = await staged.backend.score(requests, { signal, onStart });
      if (signal.aborted) return;
      const outcomes = raw.map((outcome) => checkedOutcome(rewardModel, staged.description, outcome));
      const stagedMs = (clock.monotonicMs() - startedMs) / outcomes.length;
      for (const outcome of outcomes) {
        staged.counts[outcome.ok ? 'scored' : 'failed'] += 1;
        if (!outcome.ok) this.counts.failed += 1;
        onResponse?.(outcome.ok ? 'ok' : outcome.error.code);
      }
      const responses = item.requests.map(({ response }, i) => ({
        text: response,
        live: item.outcomes[i]!,
        staged: outcomes[i]!,
      }));
      const { itemId, prompt, responseMs } = item;
      this.ring.add({ itemId, prompt, responses, liveMs: responseMs, stagedMs, isShadow: true });
    } catch {
      // A backend rejects when it is stopped or closed; whatever else it may say is the staged model's failure alone.
      if (signal.aborted) return;
      this.counts.failed += item.requests.length;
      for (const _ of item.requests) onResponse?.('failed');
    } finally {
      leave();
    }
  }
}

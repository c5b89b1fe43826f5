/**
 * @file Callers of a reward service that never rest: what each reply says of its model and its scores, and how long it took.
 * For the spec and the benchmark of swaps under load.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RpcClient } from '#platform/rpc';

/** A reply, or the failure in its place. */
export interface RewardCall {
  /** Milliseconds since the load began. */
  readonly startMs: number;
  readonly elapsedMs: number;
  /** Epoch and digest in the reply's provenance; empty of a call that failed. */
  readonly epoch: string;
  readonly weightsDigest: string;
  readonly scores: readonly number[];
  /** Why the call or a response of it failed. */
  readonly failure: string | undefined;
}

export interface RewardCallersOptions {
  readonly client: RpcClient<'metaapo.reward.v1.RewardService'>;
  readonly rewardModel: string;
  readonly callerCount: number;
  /** From the start of a call to the start of the caller's next, in milliseconds. @default 0, at once */
  readonly periodMs?: number;
  readonly responses: readonly string[];
}

export class RewardCallers {
  readonly calls: RewardCall[] = [];
  private readonly beganMs = performance.now();
  private readonly answered = new Map<string, number>();
  private readonly waiting = new Set<() => void>();
  private readonly working: readonly Promise<void>[];
  private isStopping = false;
  private failure: string | undefined;

  constructor(private readonly options: RewardCallersOptions) {
    this.working = Array.from({ length: options.callerCount }, (_, caller) => this.callAgainAndAgain(caller));
  }

  /** Milliseconds since the load began. */
  get nowMs(): number {
    return performance.now() - this.beganMs;
  }

  /** Resolves when so many calls were answered by an epoch; rejects once a call has failed. */
  async answeredBy(epoch: string, callCount: number): Promise<void> {
    while ((this.answered.get(epoch) ?? 0) < callCount) {
      if (this.failure !== undefined) throw new Error(`a call failed: ${this.failure}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Lets the calls in flight end. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.working);
  }

  private async callAgainAndAgain(caller: number): Promise<void> {
    const { callerCount, periodMs = 0 } = this.options;
    // Spread over the period, since real callers do not call in step.
    let dueMs = (caller / callerCount) * periodMs;
    while (!this.isStopping) {
      if (periodMs > 0) await sleep(Math.max(0, dueMs - this.nowMs));
      const call = await this.callOnce(caller);
      this.calls.push(call);
      this.failure ??= call.failure;
      this.answered.set(call.epoch, (this.answered.get(call.epoch) ?? 0) + 1);
      for (const wake of this.waiting) wake();
      this.waiting.clear();
      dueMs = Math.max(dueMs + periodMs, this.nowMs);
    }
  }

  private async callOnce(caller: number): Promise<RewardCall> {
    const { client, rewardModel, responses } = this.options;
    const startMs = this.nowMs;
    const item = {
      itemId: `caller-${caller}`,
      prompt: { form: 'text', text: 'How was it?' },
      responses: responses.map((text) => ({ form: 'text', text }) as const),
    } as const;
    try {
      const { items, provenance } = await client.annotate({ rewardModel, items: [item] });
      const annotations = items[0]?.annotations ?? [];
      const failed = annotations.find(({ score }) => score === undefined);
      return {
        startMs,
        elapsedMs: this.nowMs - startMs,
        epoch: provenance?.epoch ?? '',
        weightsDigest: provenance?.weightsDigest ?? '',
        scores: annotations.flatMap(({ score }) => (score === undefined ? [] : [score])),
        failure: failed ? (failed.status?.reason ?? 'no score') : undefined,
      };
    } catch (error) {
      const elapsedMs = this.nowMs - startMs;
      return { startMs, elapsedMs, epoch: '', weightsDigest: '', scores: [], failure: String(error) };
    }
  }
}

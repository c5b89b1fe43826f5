/** @file Callers of a reward service that never rest: what each reply says of its model and its scores, and how long it took. */
import { setTimeout as sleep } from 'node:timers/promises';

/** What a reply says. */
export interface RewardAnswer {
  /** Epoch and digest of the reply's provenance. */
  readonly epoch: string;
  readonly weightsDigest: string;
  readonly scores: readonly number[];
  /** Why a response has no score, or the reply is wrong. */
  readonly failure: string | undefined;
}

/** A reply, or the failure in its place; its epoch and digest are empty then. */
export interface RewardCall extends RewardAnswer {
  /** Milliseconds since the load began. */
  readonly startMs: number;
  readonly elapsedMs: number;
}

export interface Load {
  readonly callerCount: number;
  /** From the start of a call to the start of the caller's next, in milliseconds. @default 0, at once */
  readonly periodMs?: number;
}

export class BusyCallers {
  readonly calls: RewardCall[] = [];
  private readonly beganMs = performance.now();
  private readonly answered = new Map<string, number>();
  private readonly waiting = new Set<() => void>();
  private readonly working: readonly Promise<void>[];
  private isStopping = false;
  private failure: string | undefined;

  /** Begins at once. `ask` makes one call of one caller, who counts from 0. */
  constructor(
    private readonly load: Load,
    private readonly ask: (caller: number) => Promise<RewardAnswer>,
  ) {
    this.working = Array.from({ length: load.callerCount }, (_, caller) => this.callAgainAndAgain(caller));
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
    const { callerCount, periodMs = 0 } = this.load;
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
    const startMs = this.nowMs;
    try {
      const answer = await this.ask(caller);
      return { ...answer, startMs, elapsedMs: this.nowMs - startMs };
    } catch (error) {
      const elapsedMs = this.nowMs - startMs;
      return { startMs, elapsedMs, epoch: '', weightsDigest: '', scores: [], failure: String(error) };
    }
  }
}

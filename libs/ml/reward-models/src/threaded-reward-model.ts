/**
 * @file A reward model as its users hold it: calls to its thread, and the promises that wait for its answers.
 *
 * Calls share the thread's batches. It may hang or die in foreign code: its owner hears whenever a step begins and ends,
 * ends a thread that takes too long with `terminate`, and opens another; each call hears which of its inputs were lost.
 */
import type { Worker } from 'node:worker_threads';
import { AppError } from '#core';
import { fromThreadError } from '#ml/engine';
import type { Phase } from './batching/batch-scorer.js';
import type { Member } from './batching/work.js';
import { RewardInputFailedError, RewardThreadEndedError } from './reward-models.errors.js';
import type { RewardInput, RewardModelDescription, RewardOutcome } from './reward-model.js';
import type { RewardThreadInput, RewardThreadOutput } from './thread/messages.js';
import { unpackMembers, unpackResults, type SentOutcome, type SentResult } from './thread/packed.js';

/** Where a call's time went, in milliseconds. */
export interface RewardWork {
  /** Making inputs of this call into tokens. */
  readonly tokenizeMs: number;
  /** The model's pass over a batch with inputs of this call. */
  readonly computeMs: number;
}

export interface RewardCallOptions {
  /** Ends the call: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** True computes each input in steps of its own, as those must be that may have broken a thread. @default false */
  readonly alone?: boolean | undefined;
  /** Hears what is worked on next; `score` is where a response begins to cost. */
  readonly onWork?: ((phase: Phase, indices: readonly number[]) => void) | undefined;
  /** Hears of every outcome as soon as it is known. */
  readonly onOutcome?: ((index: number, outcome: RewardOutcome) => void) | undefined;
  /** Hears of work as it is done; to be added up. */
  readonly onWorked?: ((work: RewardWork) => void) | undefined;
  /** A step on these inputs broke, or the thread in it; `shared` when it had others too. The call rejects after it. */
  readonly onLost?: ((indices: readonly number[], shared: boolean) => void) | undefined;
}

/** Hears whether the thread owes an answer. */
export interface ThreadWatcher {
  /** It has work, or goes on to the next step of it. */
  busy(): void;
  idle(): void;
}

interface PendingCall {
  readonly options: RewardCallOptions;
  readonly outcomes: (RewardOutcome | undefined)[];
  left: number;
  readonly resolve: (outcomes: RewardOutcome[]) => void;
  readonly reject: (reason: unknown) => void;
}

export class ThreadedRewardModel {
  private readonly pending = new Map<number, PendingCall>();
  private nextCallId = 1;
  /** Inputs of the step that the thread is at. */
  private step: readonly Member[] = [];
  private watcher: ThreadWatcher | undefined;
  /** Why no more calls are taken. */
  private ended: RewardThreadEndedError | undefined;
  private readonly exited: Promise<void>;

  private constructor(
    private readonly worker: Worker,
    readonly description: RewardModelDescription,
  ) {
    worker.on('message', (message: RewardThreadOutput) => this.receive(message));
    worker.on('error', (error: Error) => this.end(new RewardThreadEndedError(error.message, error)));
    this.exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.end(new RewardThreadEndedError(`exit code ${code}`));
        resolve();
      });
    });
  }

  /** Waits until the thread has loaded its model. @throws whatever kept it from doing so; the signal's reason */
  static async start(worker: Worker, signal?: AbortSignal): Promise<ThreadedRewardModel> {
    try {
      return new ThreadedRewardModel(worker, await descriptionFrom(worker, signal));
    } catch (thrown) {
      worker.on('error', () => {}); // it is being ended; what it still has to say does not matter
      void worker.terminate();
      throw thrown;
    }
  }

  /** True as long as calls are taken. */
  get isAlive(): boolean {
    return this.ended === undefined;
  }

  /** Tells one watcher, from now on. */
  watch(watcher: ThreadWatcher): void {
    this.watcher = watcher;
  }

  /** One outcome per input, in order. @throws RewardThreadEndedError (`REWARD_THREAD_ENDED`) when the thread dies */
  async score(inputs: readonly RewardInput[], options: RewardCallOptions = {}): Promise<RewardOutcome[]> {
    if (this.ended) throw this.ended;
    const { signal, alone = false } = options;
    signal?.throwIfAborted();
    if (inputs.length === 0) return [];
    const callId = this.nextCallId++;
    const abort = (): void => {
      this.post({ kind: 'cancel', callId });
      this.forget(callId)?.reject(signal?.reason);
    };
    try {
      return await new Promise<RewardOutcome[]>((resolve, reject) => {
        const outcomes = inputs.map(() => undefined);
        if (this.pending.size === 0 && this.step.length === 0) this.watcher?.busy();
        this.pending.set(callId, { options, outcomes, left: inputs.length, resolve, reject });
        signal?.addEventListener('abort', abort, { once: true });
        this.post({ kind: 'score', callId, inputs, alone });
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends the thread after the step it is at. May be called twice. */
  async dispose(): Promise<void> {
    if (!this.ended) {
      this.end(new RewardThreadEndedError('the reward model was closed'));
      this.post({ kind: 'close' });
    }
    await this.exited;
  }

  /** Ends the thread without waiting for it: one that blocks in foreign code may take its time. */
  terminate(reason: string): void {
    this.end(new RewardThreadEndedError(reason));
    void this.worker.terminate();
  }

  private receive(message: RewardThreadOutput): void {
    if (this.ended) return; // nobody waits for what it still had to say
    switch (message.kind) {
      case 'working':
        this.step = unpackMembers(message.members);
        this.watcher?.busy();
        for (const [callId, indices] of byCall(this.step)) {
          this.pending.get(callId)?.options.onWork?.(message.phase, indices);
        }
        break;
      case 'settled':
        this.take(unpackResults(message.results), message.computeMs);
        this.stepEnded();
        break;
      case 'broken':
        this.lose(unpackMembers(message.members), fromThreadError(message.error));
        this.stepEnded();
        break;
      case 'ready':
      case 'open_failed':
        break;
      default:
        message satisfies never;
    }
  }

  private take(results: readonly SentResult[], computeMs: number): void {
    const told = new Set<number>();
    for (const { callId, index, outcome: sent, tokenizeMs } of results) {
      const call = this.pending.get(callId);
      if (!call) continue; // given up meanwhile
      const outcome = received(sent);
      call.outcomes[index] = outcome;
      call.left -= 1;
      call.options.onWorked?.({ tokenizeMs, computeMs: told.has(callId) ? 0 : computeMs });
      told.add(callId);
      call.options.onOutcome?.(index, outcome);
      if (call.left === 0) this.forget(callId)?.resolve(call.outcomes as RewardOutcome[]);
    }
  }

  /** Gives up the calls whose inputs a step broke on. */
  private lose(members: readonly Member[], reason: Error): void {
    for (const [callId, indices] of byCall(members)) {
      this.post({ kind: 'cancel', callId });
      const call = this.forget(callId);
      call?.options.onLost?.(indices, members.length > 1);
      call?.reject(reason);
    }
  }

  private stepEnded(): void {
    this.step = [];
    if (this.pending.size > 0) this.watcher?.busy();
    else this.watcher?.idle();
  }

  private forget(callId: number): PendingCall | undefined {
    const call = this.pending.get(callId);
    this.pending.delete(callId);
    if (this.pending.size === 0 && this.step.length === 0) this.watcher?.idle();
    return call;
  }

  private end(reason: RewardThreadEndedError): void {
    if (this.ended) return;
    this.ended = reason;
    this.watcher?.idle();
    const lost = byCall(this.step);
    for (const [callId, { options, reject }] of this.pending) {
      const indices = lost.get(callId);
      if (indices) options.onLost?.(indices, this.step.length > 1);
      reject(reason);
    }
    this.pending.clear();
  }

  private post(message: RewardThreadInput): void {
    this.worker.postMessage(message);
  }
}

function byCall(members: readonly Member[]): Map<number, number[]> {
  const calls = new Map<number, number[]>();
  for (const { callId, index } of members) {
    const own = calls.get(callId);
    if (own) own.push(index);
    else calls.set(callId, [index]);
  }
  return calls;
}

function received(outcome: SentOutcome): RewardOutcome {
  if (outcome.ok) return outcome;
  const error = fromThreadError(outcome.error);
  return { ok: false, error: error instanceof AppError ? error : new RewardInputFailedError(error.message, error) };
}

/** The thread's first message. */
function descriptionFrom(worker: Worker, signal: AbortSignal | undefined): Promise<RewardModelDescription> {
  return new Promise((resolve, reject) => {
    const finish = (act: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    const onMessage = (message: RewardThreadOutput): void => {
      if (message.kind === 'ready') finish(() => resolve(message.description));
      if (message.kind === 'open_failed') finish(() => reject(fromThreadError(message.error)));
    };
    const onError = (error: Error): void => finish(() => reject(new RewardThreadEndedError(error.message, error)));
    const onExit = (code: number): void =>
      finish(() => reject(new RewardThreadEndedError(`exit code ${code} at start`)));
    const onAbort = (): void => finish(() => reject(signal?.reason as Error));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}

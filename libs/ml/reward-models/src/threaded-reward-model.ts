/**
 * @file A reward model as its users hold it: calls to its thread, and the promises that wait for its answers.
 *
 * The thread may hang or die in foreign code. Its owner hears what it works on before it begins, so that whoever sets
 * time limits can name the inputs that are lost, end the thread with `terminate`, and open another.
 */
import type { Worker } from 'node:worker_threads';
import { AppError, present } from '#core';
import { fromThreadError } from '#ml/engine';
import { RewardInputFailedError, RewardThreadEndedError } from './reward-models.errors.js';
import type { RewardInput, RewardModelDescription, RewardOutcome } from './reward-model.js';
import type { RewardThreadInput, RewardThreadOutput, SettledOutcome } from './thread/messages.js';

export interface RewardCallOptions {
  /** Ends the call: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Hears what is worked on next; `score` is where a response begins to cost. */
  readonly onWork?: ((phase: 'encode' | 'score', indices: readonly number[]) => void) | undefined;
  /** Hears of every outcome as soon as it is known. */
  readonly onOutcome?: ((index: number, outcome: RewardOutcome) => void) | undefined;
}

interface PendingCall {
  readonly options: RewardCallOptions;
  readonly outcomes: (RewardOutcome | undefined)[];
  readonly resolve: (outcomes: RewardOutcome[]) => void;
  readonly reject: (reason: unknown) => void;
}

export class ThreadedRewardModel {
  private readonly pending = new Map<number, PendingCall>();
  private nextCallId = 1;
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

  /** One outcome per input, in order. @throws RewardThreadEndedError (`REWARD_THREAD_ENDED`) when the thread dies */
  async score(inputs: readonly RewardInput[], options: RewardCallOptions = {}): Promise<RewardOutcome[]> {
    if (this.ended) throw this.ended;
    const { signal } = options;
    signal?.throwIfAborted();
    const callId = this.nextCallId++;
    const abort = (): void => {
      this.post({ kind: 'cancel', callId });
      this.settle(callId)?.reject(signal?.reason);
    };
    try {
      return await new Promise<RewardOutcome[]>((resolve, reject) => {
        this.pending.set(callId, { options, outcomes: inputs.map(() => undefined), resolve, reject });
        signal?.addEventListener('abort', abort, { once: true });
        this.post({ kind: 'score', callId, inputs });
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
    switch (message.kind) {
      case 'working':
        this.pending.get(message.callId)?.options.onWork?.(message.phase, message.indices);
        break;
      case 'settled':
        this.take(message.callId, message.index, received(message.outcome));
        break;
      case 'done': {
        const call = this.settle(message.callId);
        call?.resolve(call.outcomes.map((outcome, index) => present(outcome, `outcome ${index}`)));
        break;
      }
      case 'failed':
        this.settle(message.callId)?.reject(fromThreadError(message.error));
        break;
      case 'ready':
      case 'open_failed':
        break;
      default:
        message satisfies never;
    }
  }

  private take(callId: number, index: number, outcome: RewardOutcome): void {
    const call = this.pending.get(callId);
    if (!call) return; // given up meanwhile
    call.outcomes[index] = outcome;
    call.options.onOutcome?.(index, outcome);
  }

  private settle(callId: number): PendingCall | undefined {
    const call = this.pending.get(callId);
    this.pending.delete(callId);
    return call;
  }

  private end(reason: RewardThreadEndedError): void {
    this.ended ??= reason;
    for (const { reject } of this.pending.values()) reject(this.ended);
    this.pending.clear();
  }

  private post(message: RewardThreadInput): void {
    this.worker.postMessage(message);
  }
}

function received(outcome: SettledOutcome): RewardOutcome {
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

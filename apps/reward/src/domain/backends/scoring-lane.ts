/**
 * @file One scoring thread and its successors: one response at a time, a time limit for each, a new thread after a thread
 * that hung or died.
 *
 * One at a time, so that the response that hangs is known for certain and no other one is lost with it.
 */
import { Worker } from 'node:worker_threads';
import { assert, messageOf, type Clock } from '#core';
import { RewardBackendFailedError, RewardBackendTimeoutError, RewardModelBrokenError } from '../reward.errors.js';
import type { ScoreOutcome, ScoreRequest } from '../reward-backend.js';
import type { ScorerSpec } from './scorers.js';
import type { ThreadAnswer, ThreadInput, ThreadOutput, ThreadReady } from './scoring-thread.messages.js';
import { MEMORY_MIB_DEFAULT, overfull } from './thread-memory.js';
import { toStderr } from './thread-output.js';

export interface ScoringLaneOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly spec: ScorerSpec;
  /** Longest time for one response, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading the scorer, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
}

const THREAD_FILE = new URL('./scoring-thread.js', import.meta.url);

/** How a wait for the thread ended. */
type Reply<T> = { readonly kind: 'answer'; readonly answer: T } | { readonly kind: 'died'; readonly reason: string };

export class ScoringLane {
  private readonly options: ScoringLaneOptions;
  /** Of heap and of buffers; beyond it the thread dies and the service lives. */
  private readonly memoryMib: number;
  private worker: Worker | undefined;
  private ready: ThreadReady | undefined;
  private nextId = 0;
  private closed = false;

  constructor(options: ScoringLaneOptions) {
    this.options = options;
    const { spec } = options;
    this.memoryMib = (spec.backend === 'module' ? spec.memory_mib : undefined) ?? MEMORY_MIB_DEFAULT;
  }

  /** Starts the first thread. @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
  async start(): Promise<ThreadReady> {
    const { worker, reply } = await this.spawn();
    if (reply.kind === 'died') throw new RewardModelBrokenError(this.options.rewardModel, reply.reason);
    this.worker = worker;
    this.ready = reply.answer;
    return reply.answer;
  }

  /** Scores one response; the caller waits for the outcome before it gives the next. */
  async score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreOutcome> {
    const { rewardModel, timeoutMs } = this.options;
    const worker = this.worker ?? (await this.respawn());
    if (typeof worker === 'string') return { ok: false, error: new RewardBackendFailedError(rewardModel, worker) };
    const id = this.nextId++;
    const abort = (): void => worker.postMessage({ kind: 'abort', id } satisfies ThreadInput);
    signal.addEventListener('abort', abort, { once: true });
    const replied = replyOf(worker, (output): output is ThreadAnswer => 'id' in output && output.id === id);
    worker.postMessage({ kind: 'score', id, request } satisfies ThreadInput);
    const reply = await this.within(timeoutMs, worker, replied);
    signal.removeEventListener('abort', abort);
    if (reply === undefined) {
      this.drop(worker);
      return { ok: false, error: new RewardBackendTimeoutError(rewardModel, timeoutMs) };
    }
    if (reply.kind === 'died') {
      this.drop(worker);
      return { ok: false, error: new RewardBackendFailedError(rewardModel, reply.reason) };
    }
    const { answer } = reply;
    if (answer.kind === 'failed') {
      return { ok: false, error: new RewardBackendFailedError(rewardModel, answer.reason) };
    }
    return { ok: true, score: answer.score, components: answer.components };
  }

  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  /** A new thread after one that ended, or the reason why there is none. */
  private async respawn(): Promise<Worker | string> {
    if (this.closed) return 'the service is going down';
    const { worker, reply } = await this.spawn();
    if (reply.kind === 'died') return `its thread ended and cannot be started again: ${reply.reason}`;
    assert(this.ready, 'the lane was started');
    if (reply.answer.weightsDigest !== this.ready.weightsDigest) {
      this.drop(worker);
      return 'its file changed since the service started; restart the service to serve it under a new digest';
    }
    this.worker = worker;
    return worker;
  }

  private async spawn(): Promise<{ worker: Worker; reply: Reply<ThreadReady> }> {
    const { spec, loadTimeoutMs, rewardModel } = this.options;
    const worker = new Worker(THREAD_FILE, {
      workerData: spec,
      name: `reward ${rewardModel}`,
      stdout: true,
      resourceLimits: { maxOldGenerationSizeMb: this.memoryMib },
    });
    toStderr(worker.stdout);
    worker.on('error', () => {}); // told by whoever waits; a thread that dies between requests is replaced at the next
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    const loaded = replyOf(worker, (output) => output.kind === 'ready' || output.kind === 'load-failed');
    const reply =
      (await this.within(loadTimeoutMs, worker, loaded)) ?? died(`loading it took over ${loadTimeoutMs} ms`);
    if (reply.kind === 'answer' && reply.answer.kind === 'ready')
      return { worker, reply: { ...reply, answer: reply.answer } };
    this.drop(worker);
    const failure = reply.kind === 'answer' && reply.answer.kind === 'load-failed' ? reply.answer.reason : undefined;
    return { worker, reply: reply.kind === 'died' ? reply : died(failure ?? 'it spoke out of turn') };
  }

  /** The reply, or `undefined` when it takes too long; a thread that fills the memory counts as dead. */
  private async within<T>(timeoutMs: number, worker: Worker, reply: Promise<Reply<T>>): Promise<Reply<T> | undefined> {
    const { clock } = this.options;
    const settled = new AbortController();
    const tooLate = clock.sleep(timeoutMs, settled.signal).then(
      () => undefined,
      () => undefined,
    );
    const { memoryMib } = this;
    const tooMuch = overfull(worker, { memoryMib, clock, signal: settled.signal }).then((mib) =>
      died(`its thread held ${mib} MiB of buffers, and may hold ${memoryMib} ("memory_mib")`),
    );
    const first = await Promise.race([reply, tooLate, tooMuch]);
    settled.abort();
    return first;
  }

  /** Ends a thread without waiting for it: one that blocks in native code may take its time. */
  private drop(worker: Worker): void {
    if (this.worker === worker) this.worker = undefined;
    void worker.terminate();
  }
}

const died = (reason: string): { readonly kind: 'died'; readonly reason: string } => ({ kind: 'died', reason });

/** What Node ends a thread with whose `await` at the top level has nothing to wait for any more. */
const EXIT_CODE_UNSETTLED = 13;

const endText = (exitCode: number): string =>
  exitCode === EXIT_CODE_UNSETTLED
    ? 'its thread ended, since an "await" at its top level never settles'
    : `its thread ended with code ${exitCode}`;

/** The next output that is wanted, or that the thread died. */
function replyOf<T extends ThreadOutput>(
  worker: Worker,
  isWanted: (output: ThreadOutput) => output is T,
): Promise<Reply<T>>;
function replyOf(worker: Worker, isWanted: (output: ThreadOutput) => boolean): Promise<Reply<ThreadOutput>>;
function replyOf(worker: Worker, isWanted: (output: ThreadOutput) => boolean): Promise<Reply<ThreadOutput>> {
  return new Promise((resolve) => {
    const settle = (reply: Reply<ThreadOutput>): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      resolve(reply);
    };
    const onMessage = (output: ThreadOutput): void => {
      if (isWanted(output)) settle({ kind: 'answer', answer: output });
    };
    const onError = (thrown: unknown): void => settle(died(`its thread died: ${messageOf(thrown)}`));
    const onExit = (exitCode: number): void => settle(died(endText(exitCode)));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}

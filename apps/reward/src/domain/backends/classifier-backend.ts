/**
 * @file Reward models that are computed: a classifier in a thread of its own, one call at a time.
 *
 * A call is cut into batches by its own responses alone, so that it gets the same bits whatever else waits. The thread
 * says what it works on; when that takes too long or the thread dies, those responses fail, a new thread takes the rest.
 */
import { AppError, messageOf, present, type Clock } from '#core';
import { openRewardModel, type RewardOutcome, type ThreadedRewardModel } from '#ml/reward-models';
import type { BackendDescription, RewardBackend, ScoreOptions, ScoreOutcome, ScoreRequest } from '../reward-backend.js';
import { RewardBackendFailedError, RewardBackendTimeoutError, RewardModelBrokenError } from '../reward.errors.js';
import { toRewardModelSpec, type ClassifierBackendSpec } from './classifier-spec.js';

export interface ClassifierBackendOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly spec: ClassifierBackendSpec;
  /** Longest time for one step: the tokens of a response, or one batch through the model. In milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
}

/** Threads that may end before they touch a response, until a call is given up. */
const IDLE_DEATHS_MAX = 2;

/** A call on its way. */
interface Call {
  readonly requests: readonly ScoreRequest[];
  readonly options: ScoreOptions;
  readonly outcomes: (ScoreOutcome | undefined)[];
  readonly started: Set<number>;
  idleDeaths: number;
}

export class ClassifierBackend implements RewardBackend {
  /** Settles when all calls so far are done. */
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  private constructor(
    private readonly options: ClassifierBackendOptions,
    private model: ThreadedRewardModel,
  ) {}

  /** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
  static async start(options: ClassifierBackendOptions): Promise<ClassifierBackend> {
    const model = await load(options);
    if (typeof model === 'string') throw new RewardModelBrokenError(options.rewardModel, model);
    return new ClassifierBackend(options, model);
  }

  describe(): BackendDescription {
    const { kind, digest, tokenizerDigest, templateDigest, executionProvider, dtype, scoreMin, scoreMax } =
      this.model.description;
    return {
      kind,
      weightsDigest: digest, // whatever could change a score is in it: scores are remembered by this digest
      tokenizerDigest,
      ...(templateDigest !== null && { templateDigest }),
      executionProvider,
      dtype,
      ...(scoreMin !== undefined && { scoreMin }),
      ...(scoreMax !== undefined && { scoreMax }),
    };
  }

  async score(requests: readonly ScoreRequest[], options: ScoreOptions): Promise<ScoreOutcome[]> {
    const { signal } = options;
    signal.throwIfAborted();
    const before = this.last;
    const own = Promise.withResolvers<void>();
    this.last = Promise.all([before, own.promise]);
    const abandoned = Promise.withResolvers<never>();
    abandoned.promise.catch(() => {});
    const abandon = (): void => abandoned.reject(signal.reason);
    signal.addEventListener('abort', abandon, { once: true });
    try {
      await Promise.race([before, abandoned.promise]);
      const call = {
        requests,
        options,
        outcomes: requests.map(() => undefined),
        started: new Set<number>(),
        idleDeaths: 0,
      };
      return await this.run(call);
    } finally {
      signal.removeEventListener('abort', abandon);
      own.resolve();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.model.isAlive) await this.model.dispose();
  }

  private async run(call: Call): Promise<ScoreOutcome[]> {
    for (;;) {
      const left = call.requests.flatMap((_, index) => (call.outcomes[index] === undefined ? [index] : []));
      if (left.length === 0) return call.outcomes as ScoreOutcome[];
      const problem = this.model.isAlive ? undefined : await this.reopen();
      if (problem === undefined) await this.attempt(call, left);
      else this.fail(call, left, new RewardBackendFailedError(this.options.rewardModel, problem));
    }
  }

  /** Scores what is left, until all is done or the thread ends. */
  private async attempt(call: Call, left: readonly number[]): Promise<void> {
    const { rewardModel, timeoutMs } = this.options;
    const { signal, onStart } = call.options;
    let working: readonly number[] = [];
    const watch = new Watch(this.options.clock, timeoutMs, () => this.model.terminate('it took too long'));
    try {
      await this.model.score(
        left.map((index) => present(call.requests[index], `request ${index}`)),
        {
          signal,
          onWork: (phase, places) => {
            watch.restart();
            working = places.map((place) => left[place]!);
            for (const index of phase === 'score' ? working : []) {
              if (!call.started.has(index)) onStart(index);
              call.started.add(index);
            }
          },
          onOutcome: (place, outcome) => {
            const index = left[place]!;
            const scored = toScoreOutcome(outcome);
            call.outcomes[index] = scored;
            call.options.onOutcome?.(index, scored);
          },
        },
      );
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error = watch.isOver
        ? new RewardBackendTimeoutError(rewardModel, timeoutMs)
        : new RewardBackendFailedError(rewardModel, messageOf(thrown));
      const lost = working.filter((index) => call.outcomes[index] === undefined);
      if (lost.length === 0) call.idleDeaths += 1;
      const isHopeless = this.model.isAlive || call.idleDeaths >= IDLE_DEATHS_MAX;
      this.fail(call, isHopeless ? left : lost, error);
    } finally {
      watch.stop();
    }
  }

  /** Gives what has no outcome yet this error. */
  private fail(call: Call, indices: readonly number[], error: AppError): void {
    for (const index of indices) call.outcomes[index] ??= { ok: false, error };
  }

  /** A new thread after one that ended, or the reason why there is none. */
  private async reopen(): Promise<string | undefined> {
    if (this.closed) return 'the service is going down';
    const model = await load(this.options);
    if (typeof model === 'string') return `its thread ended and cannot be started again: ${model}`;
    if (model.description.digest !== this.model.description.digest) {
      await model.dispose();
      return 'its files changed since the service started; restart the service to serve them under a new digest';
    }
    if (this.closed) await model.dispose();
    this.model = model;
    return undefined;
  }
}

/** Calls back when nothing was heard for too long. */
class Watch {
  isOver = false;
  private current = new AbortController();

  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
    private readonly onOver: () => void,
  ) {
    this.restart();
  }

  restart(): void {
    this.current.abort();
    if (this.isOver) return;
    const watching = new AbortController();
    this.current = watching;
    const over = (): void => {
      if (watching.signal.aborted) return;
      this.isOver = true;
      this.onOver();
    };
    this.clock.sleep(this.timeoutMs, watching.signal).then(over, () => {});
  }

  stop(): void {
    this.current.abort();
  }
}

/** The model, or the reason why it cannot be loaded. */
async function load({ spec, loadTimeoutMs, clock }: ClassifierBackendOptions): Promise<ThreadedRewardModel | string> {
  const tooLate = new AbortController();
  const loaded = new AbortController();
  clock.sleep(loadTimeoutMs, loaded.signal).then(
    () => tooLate.abort(),
    () => {},
  );
  try {
    return await openRewardModel(toRewardModelSpec(spec), { signal: tooLate.signal });
  } catch (thrown) {
    if (tooLate.signal.aborted) return `loading it took over ${loadTimeoutMs} ms`;
    return thrown instanceof AppError ? `${thrown.code}: ${thrown.message}` : messageOf(thrown);
  } finally {
    loaded.abort();
  }
}

function toScoreOutcome(outcome: RewardOutcome): ScoreOutcome {
  if (!outcome.ok) return outcome;
  const { score, truncatedCount } = outcome;
  return { ok: true, score, components: truncatedCount > 0 ? { truncated_tokens: truncatedCount } : {} };
}

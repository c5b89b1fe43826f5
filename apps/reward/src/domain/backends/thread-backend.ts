/** @file A reward backend whose scorer runs in threads of its own: the requests of all calls wait in one line for them. */
import { assert, type Clock } from '#core';
import type { BackendDescription, RewardBackend, ScoreOptions, ScoreOutcome, ScoreRequest } from '../reward-backend.js';
import type { ScorerSpec } from './scorers.js';
import { ScoringLane } from './scoring-lane.js';

export interface ThreadBackendOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly spec: ScorerSpec;
  /** Threads that score side by side. At least 1. */
  readonly threadCount: number;
  /** Longest time for one response, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading the scorer, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
}

interface Task {
  readonly request: ScoreRequest;
  readonly signal: AbortSignal;
  readonly onStart: () => void;
  readonly onOutcome: (outcome: ScoreOutcome) => void;
  /** `undefined` where the caller left before the work began. */
  readonly resolve: (outcome: ScoreOutcome | undefined) => void;
  readonly reject: (thrown: unknown) => void;
}

export class ThreadBackend implements RewardBackend {
  /** In order of arrival; its length is bounded by the admission of calls. */
  private readonly waiting: Task[] = [];
  private readonly idleLanes: ScoringLane[];

  private constructor(
    private readonly lanes: readonly ScoringLane[],
    private readonly description: BackendDescription,
  ) {
    this.idleLanes = [...lanes];
  }

  /** Starts the threads. @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`), after ending them again */
  static async start({ threadCount, ...options }: ThreadBackendOptions): Promise<ThreadBackend> {
    assert(threadCount >= 1, `${threadCount} threads for a backend`);
    const lanes = Array.from({ length: threadCount }, () => new ScoringLane(options));
    try {
      const [{ kind: _, ...loaded }] = (await Promise.all(lanes.map((lane) => lane.start()))) as [
        Awaited<ReturnType<ScoringLane['start']>>,
      ];
      const kind = options.spec.backend;
      // Rules only compute; a module may ask whomever it likes.
      const mayBill = kind === 'module';
      return new ThreadBackend(lanes, { kind, mayBill, executionProvider: 'javascript', dtype: 'float64', ...loaded });
    } catch (thrown) {
      await Promise.all(lanes.map((lane) => lane.close()));
      throw thrown;
    }
  }

  describe(): BackendDescription {
    return this.description;
  }

  async score(
    requests: readonly ScoreRequest[],
    { signal, onStart, onOutcome }: ScoreOptions,
  ): Promise<ScoreOutcome[]> {
    signal.throwIfAborted();
    const outcomes = requests.map(
      (request, index) =>
        new Promise<ScoreOutcome | undefined>((resolve, reject) => {
          this.waiting.push({
            request,
            signal,
            onStart: () => onStart(index),
            onOutcome: (outcome) => onOutcome?.(index, outcome),
            resolve,
            reject,
          });
        }),
    );
    this.dispatch();
    const abandoned = Promise.withResolvers<never>();
    const abandon = (): void => abandoned.reject(signal.reason);
    signal.addEventListener('abort', abandon, { once: true });
    try {
      const settled = await Promise.race([Promise.all(outcomes), abandoned.promise]);
      return settled.filter((outcome) => outcome !== undefined);
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  private dispatch(): void {
    while (this.waiting.length > 0 && this.idleLanes.length > 0) {
      const task = this.waiting.shift()!;
      if (task.signal.aborted) task.resolve(undefined);
      else void this.run(task, this.idleLanes.pop()!);
    }
  }

  private async run(task: Task, lane: ScoringLane): Promise<void> {
    const { request, signal, onStart, onOutcome, resolve, reject } = task;
    try {
      onStart();
      const outcome = await lane.score(request, signal);
      onOutcome(outcome);
      resolve(outcome);
    } catch (thrown) {
      reject(thrown);
    } finally {
      this.idleLanes.push(lane);
      this.dispatch();
    }
  }
}

/**
 * @file One call on its way through a thread that it shares with others.
 *
 * When the thread ends, what was not in its hands goes to the next one as before. What was in its hands is suspect: it goes
 * to the next one alone, where it is scored if a neighbour was to blame, and fails if it breaks that thread too.
 */
import { type AppError, messageOf, present } from '#core';
import type { RewardOutcome, ThreadedRewardModel } from '#ml/reward-models';
import type { ScoreOptions, ScoreOutcome, ScoreRequest } from '../reward-backend.js';
import { RewardBackendFailedError, RewardBackendTimeoutError } from '../reward.errors.js';
import type { ModelThread } from './model-thread.js';

export interface BatchedCallOptions extends ScoreOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly timeoutMs: number;
}

/** Responses of one call that may break a thread, each by itself; then the call's other suspects fail with them. */
const GUILTY_MAX = 3;

export class BatchedCall {
  private readonly outcomes: (ScoreOutcome | undefined)[];
  private readonly started = new Set<number>();
  private readonly suspects = new Set<number>();
  private guiltyCount = 0;

  constructor(
    private readonly thread: ModelThread,
    private readonly requests: readonly ScoreRequest[],
    private readonly options: BatchedCallOptions,
  ) {
    this.outcomes = requests.map(() => undefined);
  }

  /** One outcome per request, in order. @throws the signal's reason */
  async run(): Promise<ScoreOutcome[]> {
    for (;;) {
      this.options.signal.throwIfAborted();
      const left = this.requests.flatMap((_, index) => (this.outcomes[index] === undefined ? [index] : []));
      if (left.length === 0) return this.outcomes as ScoreOutcome[];
      const model = await this.thread.model();
      if (typeof model === 'string') this.fail(left, new RewardBackendFailedError(this.options.rewardModel, model));
      else await this.attempt(model, left);
    }
  }

  private async attempt(model: ThreadedRewardModel, left: readonly number[]): Promise<void> {
    const unsuspected = left.filter((index) => !this.suspects.has(index));
    const suspected = left.filter((index) => this.suspects.has(index));
    await Promise.all([this.ask(model, unsuspected, false), this.ask(model, suspected, true)]);
  }

  /** Has some scored, until all of them are or the thread ends. */
  private async ask(model: ThreadedRewardModel, indices: readonly number[], alone: boolean): Promise<void> {
    const { signal, onWorked } = this.options;
    let lost: { readonly indices: readonly number[]; readonly shared: boolean } | undefined;
    try {
      await model.score(
        indices.map((index) => present(this.requests[index], `request ${index}`)),
        {
          signal,
          alone,
          onWork: (phase, places) => {
            if (phase === 'score') this.start(places.map((place) => present(indices[place], 'index')));
          },
          onOutcome: (place, outcome) => this.settle(present(indices[place], 'index'), toScoreOutcome(outcome)),
          ...(onWorked && { onWorked }),
          onLost: (places, shared) => {
            lost = { indices: places.map((place) => present(indices[place], 'index')), shared };
          },
        },
      );
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      if (lost) this.judge(lost.indices, lost.shared, this.errorOf(model, thrown));
    }
  }

  /** What was in the hands of a thread that ended: suspect where others were too, else guilty. */
  private judge(indices: readonly number[], shared: boolean, error: AppError): void {
    const open = indices.filter((index) => this.outcomes[index] === undefined);
    if (shared) {
      for (const index of open) this.suspects.add(index);
      return;
    }
    this.fail(open, error);
    this.guiltyCount += 1;
    if (this.guiltyCount >= GUILTY_MAX) this.fail([...this.suspects], error);
  }

  private errorOf(model: ThreadedRewardModel, thrown: unknown): AppError {
    const { rewardModel, timeoutMs } = this.options;
    return this.thread.wasLate(model)
      ? new RewardBackendTimeoutError(rewardModel, timeoutMs)
      : new RewardBackendFailedError(rewardModel, messageOf(thrown));
  }

  private start(indices: readonly number[]): void {
    for (const index of indices) {
      if (!this.started.has(index)) this.options.onStart(index);
      this.started.add(index);
    }
  }

  private settle(index: number, outcome: ScoreOutcome): void {
    this.thread.noteFruit();
    this.outcomes[index] = outcome;
    this.options.onOutcome?.(index, outcome);
  }

  /** Gives those that have no outcome yet this error. */
  private fail(indices: readonly number[], error: AppError): void {
    for (const index of indices) this.outcomes[index] ??= { ok: false, error };
  }
}

function toScoreOutcome(outcome: RewardOutcome): ScoreOutcome {
  if (!outcome.ok) return outcome;
  const { score, truncatedCount } = outcome;
  return { ok: true, score, components: truncatedCount > 0 ? { truncated_tokens: truncatedCount } : {} };
}

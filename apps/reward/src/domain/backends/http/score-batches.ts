/** @file Scores the requests of a call in batches side by side; a batch that fails leaves the others alone. */
import { AppError, messageOf, present } from '#core';
import type { ScoreOptions, ScoreOutcome, ScoreRequest } from '../../reward-backend.js';
import { RewardBackendFailedError } from '../../reward.errors.js';

export interface BatchCall {
  /** Aborts when the caller leaves or the backend is closed. */
  readonly signal: AbortSignal;
  /** To be called when a request of the batch, by its place, begins to cost; further calls do nothing. */
  readonly onBegin: (place: number) => void;
}

export interface BatchRun {
  readonly rewardModel: string;
  /** Most requests in a batch. */
  readonly batchSize: number;
  /** Aborts when the backend is closed. */
  readonly closed: AbortSignal;
  /** One outcome per request, in order. What it throws becomes the outcome of all. */
  readonly score: (requests: readonly ScoreRequest[], call: BatchCall) => Promise<readonly ScoreOutcome[]>;
}

/** @throws the signal's reason when it aborts */
export async function scoreBatches(
  requests: readonly ScoreRequest[],
  { signal, onStart, onOutcome }: ScoreOptions,
  { rewardModel, batchSize, closed, score }: BatchRun,
): Promise<ScoreOutcome[]> {
  signal.throwIfAborted();
  const outcomes: ScoreOutcome[] = [];
  const started = new Set<number>();
  const stop = AbortSignal.any([signal, closed]);
  const scored = async (first: number): Promise<void> => {
    const batch = requests.slice(first, first + batchSize);
    const onBegin = (place: number): void => {
      if (!started.has(first + place)) onStart(first + place);
      started.add(first + place);
    };
    let results: readonly ScoreOutcome[];
    try {
      results = await score(batch, { signal: stop, onBegin });
    } catch (thrown) {
      signal.throwIfAborted();
      const error = errorOf(thrown, rewardModel, closed.aborted);
      results = batch.map(() => ({ ok: false, error }));
    }
    for (const place of batch.keys()) {
      const outcome = present(results[place], 'outcome');
      outcomes[first + place] = outcome;
      onOutcome?.(first + place, outcome);
    }
  };
  const firsts = Array.from({ length: Math.ceil(requests.length / batchSize) }, (_, batch) => batch * batchSize);
  await Promise.all(firsts.map(scored));
  return outcomes;
}

function errorOf(thrown: unknown, rewardModel: string, isClosed: boolean): AppError {
  if (isClosed) return new RewardBackendFailedError(rewardModel, 'the service is going down');
  return thrown instanceof AppError ? thrown : new RewardBackendFailedError(rewardModel, messageOf(thrown));
}

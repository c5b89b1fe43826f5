/** @file What a backend gave, if it is a score: finite, and within the range that the model declares. */
import type { BackendDescription, ScoreOutcome } from './reward-backend.js';
import { RewardBackendFailedError, RewardNotFiniteError } from './reward.errors.js';

/** The outcome, or the reason why it is none. */
export function checkedOutcome(
  rewardModel: string,
  description: Pick<BackendDescription, 'scoreMin' | 'scoreMax'>,
  outcome: ScoreOutcome,
): ScoreOutcome {
  if (!outcome.ok) return outcome;
  const values = [['score', outcome.score], ...Object.entries(outcome.components)] as [string, number][];
  const infinite = values.find(([, value]) => !Number.isFinite(value));
  if (infinite) return { ok: false, error: new RewardNotFiniteError(rewardModel, ...infinite) };
  const range = rangeProblem(description, outcome.score);
  return range ? { ok: false, error: new RewardBackendFailedError(rewardModel, range) } : outcome;
}

function rangeProblem(
  { scoreMin, scoreMax }: Pick<BackendDescription, 'scoreMin' | 'scoreMax'>,
  score: number,
): string | undefined {
  const isWithin = score >= (scoreMin ?? -Infinity) && score <= (scoreMax ?? Infinity);
  return isWithin
    ? undefined
    : `it gave ${score}, outside its declared range [${scoreMin ?? '-∞'}, ${scoreMax ?? '∞'}]`;
}

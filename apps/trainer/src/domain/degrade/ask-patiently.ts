/**
 * @file Asks an annotator until it answers or is given up.
 *
 * It is down when its service does not answer; and when the backend fails on every response of several prompts, since that
 * is no fault of the responses. The latter only once it has scored anything in this run: a reward that never worked is a
 * mistake to be told at once.
 *
 * One that has no replica any more which answers for the unit's model is down for this unit. Where the run is pinned to that
 * model, nothing can be made of it and the run stops by name; where it follows, the rest of the iteration goes on without.
 */
import type { RunConfig } from '#run-config';
import { RewardEpochGoneError, ServiceUnavailableError } from '../ports/ports.errors.js';
import type { AnnotateResult, AnnotateUnit, RewardModel, RewardPort } from '../ports/reward-port.js';
import type { AnnotatorGuard, Guarded } from './annotator-guard.js';
import { AnnotatorFailedError } from './degrade.errors.js';

/** A short break is bridged by the call itself; the guard's delays are for what takes longer. */
const RETRY_MS = 1000;
const PROMPTS_MIN = 2;
const BACKEND_REASONS: ReadonlySet<string> = new Set([
  'REWARD_BACKEND_FAILED',
  'REWARD_BACKEND_TIMEOUT',
  'REWARD_REMOTE_UNREACHABLE',
  'REWARD_REMOTE_TIMEOUT',
  'REWARD_REMOTE_OVERLOADED',
  'REWARD_REMOTE_FAILED',
  'REWARD_REMOTE_NOT_READY',
  'REWARD_REMOTE_REFUSED',
  'REWARD_REMOTE_REPLY_INVALID',
  'REWARD_REMOTE_CHANGED',
  'JUDGE_REPLY_INVALID',
]);

export interface PatientCall {
  readonly guard: AnnotatorGuard;
  readonly reward: RewardPort;
  readonly call: AnnotateUnit;
  /** Whether the run may go on without the model that it is held to. */
  readonly swaps: RunConfig['reward_swaps'];
  /** True when the annotator has scored something in this run. */
  readonly hasWorked: boolean;
  /** Aborted: calls under way are given up. */
  readonly signal: AbortSignal;
  /** Aborted: no further call begins. */
  readonly stop: AbortSignal;
}

/** @throws RewardEpochGoneError where the run is pinned to the model */
export async function askPatiently(patient: PatientCall): Promise<Guarded<AnnotateResult>> {
  try {
    const answer = await asked(patient);
    if (answer.kind === 'lost' && answer.error instanceof RewardEpochGoneError) throw answer.error;
    return answer;
  } catch (error) {
    if (error instanceof RewardEpochGoneError && patient.swaps !== 'pin') return { kind: 'lost', error };
    throw error;
  }
}

async function asked({ guard, reward, call, hasWorked, signal, stop }: PatientCall): Promise<Guarded<AnnotateResult>> {
  return await guard.call({
    attempt: async () => {
      const result = await reward.annotate(call, { signal, retryTimeMsMax: RETRY_MS });
      if (hasWorked && call.items.length >= PROMPTS_MIN) throwIfAllFailed(result);
      return result;
    },
    isOutage: (error) =>
      error instanceof AnnotatorFailedError ||
      error instanceof ServiceUnavailableError ||
      (error instanceof RewardEpochGoneError && !error.isFinal),
    signal: AbortSignal.any([signal, stop]),
  });
}

/** True when the service of an annotator that was given up answers again: its next call is let through. */
export async function isBack({
  guard,
  reward,
  model,
  signal,
}: Pick<PatientCall, 'guard' | 'reward' | 'signal'> & { readonly model: RewardModel }): Promise<boolean> {
  try {
    await reward.describe(model.name, { signal, retryTimeMsMax: 0 });
  } catch (error) {
    if (error instanceof ServiceUnavailableError) return false;
    throw error;
  }
  guard.probeSoon();
  return true;
}

/** @throws AnnotatorFailedError */
function throwIfAllFailed({ items }: AnnotateResult): void {
  const outcomes = items.flatMap((item) => (item.ok ? item.value : [item]));
  const failures = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.failure]));
  const [first] = failures;
  const isDown = failures.length === outcomes.length && failures.every(({ reason }) => BACKEND_REASONS.has(reason));
  if (first && isDown) throw new AnnotatorFailedError(first);
}

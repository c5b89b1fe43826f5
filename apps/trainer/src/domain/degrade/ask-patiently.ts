/**
 * @file Asks an annotator until it answers or is given up.
 *
 * It is down when its service does not answer; and when the backend fails on every response of several prompts, since that
 * is no fault of the responses. The latter only once it has scored anything in this run: a reward that never worked is a
 * mistake to be told at once.
 */
import type { AnnotateResult, AnnotateUnit, RewardModel, RewardPort } from '../ports/reward-port.js';
import { ServiceUnavailableError } from '../ports/ports.errors.js';
import type { AnnotatorGuard, Guarded } from './annotator-guard.js';
import { AnnotatorFailedError } from './degrade.errors.js';

/** A short break is bridged by the call itself; the guard's delays are for what takes longer. */
const RETRY_MS = 1000;
const PROMPTS_MIN = 2;
const BACKEND_REASONS: ReadonlySet<string> = new Set(['REWARD_BACKEND_FAILED', 'REWARD_BACKEND_TIMEOUT']);

export interface PatientCall {
  readonly guard: AnnotatorGuard;
  readonly reward: RewardPort;
  readonly call: AnnotateUnit;
  /** True when the annotator has scored something in this run. */
  readonly hasWorked: boolean;
  /** Aborted: calls under way are given up. */
  readonly signal: AbortSignal;
  /** Aborted: no further call begins. */
  readonly stop: AbortSignal;
}

export async function askPatiently(patient: PatientCall): Promise<Guarded<AnnotateResult>> {
  const { guard, reward, call, hasWorked, signal, stop } = patient;
  return await guard.call({
    attempt: async () => {
      const result = await reward.annotate(call, { signal, retryTimeMsMax: RETRY_MS });
      if (hasWorked && call.items.length >= PROMPTS_MIN) throwIfAllFailed(result);
      return result;
    },
    isOutage: (error) => error instanceof AnnotatorFailedError || error instanceof ServiceUnavailableError,
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

/** @file Asks a server at the start, within the time for loading: one that cannot be reached is a broken model. */
import type { Clock } from '#core';
import { AppError } from '#core';
import { RewardModelBrokenError } from '../../reward.errors.js';

export interface ProbeOptions {
  readonly rewardModel: string;
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
}

/** @throws RewardModelBrokenError with the reason */
export async function probed<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { rewardModel, loadTimeoutMs, clock }: ProbeOptions,
): Promise<T> {
  const tooLate = new AbortController();
  const settled = new AbortController();
  clock.sleep(loadTimeoutMs, settled.signal).then(
    () => tooLate.abort(),
    () => {},
  );
  try {
    return await ask(tooLate.signal);
  } catch (thrown) {
    if (tooLate.signal.aborted)
      throw new RewardModelBrokenError(rewardModel, `asking it took over ${loadTimeoutMs} ms`);
    if (!(thrown instanceof AppError) || thrown instanceof RewardModelBrokenError) throw thrown;
    throw new RewardModelBrokenError(rewardModel, `${thrown.code}: ${thrown.message}`);
  } finally {
    settled.abort();
  }
}

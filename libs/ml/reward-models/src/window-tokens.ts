/** @file How many tokens an input may have. */
import { ClassifierInvalidError } from './reward-models.errors.js';

/** Tokenizers without a limit of their own carry an absurd one. */
const LIMIT_CREDIBLE_MAX = 1e9;

/**
 * The smallest of the limits that the files state; the setting may only lower it.
 *
 * @throws ClassifierInvalidError when nothing states a limit, or the setting exceeds it
 */
export function windowTokens(path: string, stated: readonly unknown[], setting: number | undefined): number {
  const limits = stated.filter(
    (limit): limit is number =>
      Number.isSafeInteger(limit) && (limit as number) >= 1 && (limit as number) < LIMIT_CREDIBLE_MAX,
  );
  if (limits.length === 0) {
    if (setting !== undefined) return setting;
    throw new ClassifierInvalidError(path, 'says nowhere how many tokens it can read: set "max_tokens"');
  }
  const limit = Math.min(...limits);
  if (setting === undefined || setting <= limit) return setting ?? limit;
  throw new ClassifierInvalidError(path, `expected "max_tokens" of at most the model's ${limit}, got ${setting}`);
}

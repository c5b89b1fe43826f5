/**
 * @file Inputs that exceed the window. By default they are refused; a side to cut must be named, for what is cut away
 * cannot count.
 *
 *   left    drops the oldest tokens: of a chat its head, start token and system text included
 *   right   drops the newest: of a chat the end of the response, and the end token at which it would be read
 *
 * Of a pair only the texts are cut, never the special tokens around them: from the left the prompt first, from the right
 * the response first.
 */
import { RewardInputTooLongError } from './reward-models.errors.js';
import type { Truncation } from './settings.js';

export interface Window {
  readonly tokensMax: number;
  readonly truncation: Truncation;
}

export interface Truncated<T> {
  readonly kept: T;
  readonly truncatedCount: number;
}

/** @throws RewardInputTooLongError */
export function truncateChat(ids: readonly number[], { tokensMax, truncation }: Window): Truncated<readonly number[]> {
  const excess = excessOf(ids.length, { tokensMax, truncation });
  const kept = truncation === 'left' ? ids.slice(excess) : ids.slice(0, ids.length - excess);
  return { kept, truncatedCount: excess };
}

export interface PairIds {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/**
 * @param specialCount special tokens that the joined pair has besides
 * @throws RewardInputTooLongError
 */
export function truncatePair({ first, second }: PairIds, specialCount: number, window: Window): Truncated<PairIds> {
  const excess = excessOf(first.length + second.length + specialCount, window);
  if (excess > first.length + second.length) throw new RewardInputTooLongError(specialCount, window.tokensMax);
  if (window.truncation === 'left') {
    const ofFirst = Math.min(excess, first.length);
    const kept = { first: first.slice(ofFirst), second: second.slice(excess - ofFirst) };
    return { kept, truncatedCount: excess };
  }
  const ofSecond = Math.min(excess, second.length);
  const kept = {
    first: first.slice(0, first.length - (excess - ofSecond)),
    second: second.slice(0, second.length - ofSecond),
  };
  return { kept, truncatedCount: excess };
}

function excessOf(tokenCount: number, { tokensMax, truncation }: Window): number {
  const excess = Math.max(0, tokenCount - tokensMax);
  if (excess > 0 && truncation === 'refuse') throw new RewardInputTooLongError(tokenCount, tokensMax);
  return excess;
}

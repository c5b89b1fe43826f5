/** @file An item's value, or why it has none. */
import { AppError } from '#core';

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError };

/** Runs `make`; an error that callers can understand becomes the item's, anything else is a defect and goes on. */
export function outcomeOf<T>(make: () => T): Outcome<T> {
  try {
    return { ok: true, value: make() };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { ok: false, error: thrown };
  }
}

/** @file What becomes of one item of a unit: a value, or a failure that stays apart from its neighbours. */

/** Why an item has no result; as `metaapo.common.v1.ItemStatus` told it. */
export interface ItemFailure {
  /** Stable reason, UPPER_SNAKE. */
  readonly reason: string;
  readonly message: string;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ItemFailure };

export function succeeded<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failed(failure: ItemFailure): Outcome<never> {
  return { ok: false, failure };
}

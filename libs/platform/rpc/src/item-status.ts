/** @file Outcomes of single items: `metaapo.common.v1.ItemStatus` from errors and back. */
import { AppError, STATUS_NUMBERS, type StatusName } from '#core';
import type { ItemStatus, ItemStatus__Output } from '#contracts/common';
import { fromDuration, toDuration } from './durations.js';
import { INTERNAL_MESSAGE, logInternal } from './internal-errors.js';
import { RemoteError } from './rpc.errors.js';

/** Success. */
export function okStatus(): ItemStatus {
  return { code: STATUS_NUMBERS.OK, reason: '', message: '', retryAfter: null };
}

/** The failure of one item. What is not an `AppError` becomes INTERNAL with a general message; its cause is logged. */
export function toItemStatus(error: unknown): ItemStatus {
  if (!(error instanceof AppError)) {
    logInternal(error);
    return { code: STATUS_NUMBERS.INTERNAL, reason: 'INTERNAL', message: INTERNAL_MESSAGE, retryAfter: null };
  }
  return {
    code: STATUS_NUMBERS[error.status],
    reason: error.code,
    message: error.message,
    retryAfter: error.retryAfterMs === undefined ? null : toDuration(error.retryAfterMs),
  };
}

/** True for success; an absent status counts as success, as proto3 means it. */
export function isOk(status: ItemStatus__Output | null): boolean {
  return status === null || status.code === STATUS_NUMBERS.OK;
}

/** The failure of one item as an error. */
export function fromItemStatus(status: ItemStatus__Output): RemoteError {
  return new RemoteError({
    code: status.reason || statusName(status.code),
    status: statusName(status.code),
    message: status.message,
    retryAfterMs: status.retryAfter ? fromDuration(status.retryAfter) : undefined,
  });
}

const NAMES = new Map<number, StatusName>(
  Object.entries(STATUS_NUMBERS).map(([name, code]) => [code, name as StatusName]),
);

/** Name of a gRPC status code; a code outside the protocol's list is UNKNOWN. */
export function statusName(code: number): StatusName {
  return NAMES.get(code) ?? 'UNKNOWN';
}

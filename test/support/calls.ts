/** @file Small tools for tests of calls. */
import { deepEqual, ok } from 'node:assert/strict';
import { RemoteError } from '#platform/rpc';

/** For `rejects`: a `RemoteError` of this reason and status. */
export const remote = (code: string, status: string) => (thrown: unknown) => {
  ok(thrown instanceof RemoteError, String(thrown));
  deepEqual([thrown.code, thrown.status], [code, status]);
  return true;
};

/** A promise and the function that fulfils it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Reads a stream to its end. */
export async function drained(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _message of stream) void 0;
}

/** @file The deadline of one unit of rows: a policy service that hangs ends the command instead of holding it for ever. */
import { RemoteError } from '#platform/rpc';
import { UnitTimedOutError } from '../cli.errors.js';
import type { PolicySession } from './policy-session.js';

/** Makes the call of a unit. @throws UnitTimedOutError when it is not answered in time */
export async function withinDeadline<T>(
  { unitTimeoutMs }: Pick<PolicySession, 'unitTimeoutMs'>,
  rowCount: number,
  call: (options: { readonly timeoutMs: number }) => Promise<T>,
): Promise<T> {
  try {
    return await call({ timeoutMs: unitTimeoutMs });
  } catch (thrown) {
    if (!(thrown instanceof RemoteError) || thrown.status !== 'DEADLINE_EXCEEDED') throw thrown;
    throw new UnitTimedOutError(rowCount, unitTimeoutMs, thrown);
  }
}

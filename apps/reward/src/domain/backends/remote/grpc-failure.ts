/** @file From the status that a foreign gRPC server ends a call with to what it means for a score. */
import type { RemoteError } from '#platform/rpc';
import {
  RewardRemoteFailedError,
  RewardRemoteOverloadedError,
  RewardRemoteRefusedError,
  RewardRemoteReplyInvalidError,
  RewardRemoteTimeoutError,
  RewardRemoteUnreachableError,
  type RemoteAttempt,
  type RewardRemoteError,
} from '../http/remote.errors.js';

const TEXT_LENGTH_MAX = 300;
/** What grpc-js says about names where there is nothing to say. */
const NO_NOTE = /\.? Resolution note: ?$/;

export function grpcFailure(error: RemoteError, at: RemoteAttempt, timeoutMs: number): RewardRemoteError {
  const { status, retryAfterMs } = error;
  const text = error.message.replace(NO_NOTE, '').slice(0, TEXT_LENGTH_MAX);
  const got = `status ${status} with ${JSON.stringify(text)}`;
  switch (status) {
    case 'UNAVAILABLE':
      return new RewardRemoteUnreachableError(at, text, error);
    case 'DEADLINE_EXCEEDED':
      return new RewardRemoteTimeoutError(at, timeoutMs, 'none of it');
    case 'RESOURCE_EXHAUSTED':
      // The client's own limit comes under the same status.
      if (text.includes('larger than max'))
        return new RewardRemoteReplyInvalidError(at, `expected a shorter reply, got ${got}`);
      return new RewardRemoteOverloadedError(at, got, retryAfterMs);
    case 'INTERNAL':
    case 'UNKNOWN':
    case 'ABORTED':
    case 'CANCELLED':
    case 'DATA_LOSS':
      return new RewardRemoteFailedError(at, got);
    case 'UNIMPLEMENTED':
      return new RewardRemoteRefusedError(at, got, 'The address serves no Open Inference Protocol.');
    case 'NOT_FOUND':
      return new RewardRemoteRefusedError(at, got, 'Check the name and the version of the model.');
    case 'ALREADY_EXISTS':
    case 'FAILED_PRECONDITION':
    case 'INVALID_ARGUMENT':
    case 'OK':
    case 'OUT_OF_RANGE':
    case 'PERMISSION_DENIED':
    case 'UNAUTHENTICATED':
      return new RewardRemoteRefusedError(at, got, 'The server names what it did not like.', { mayBeOneOfMany: true });
    default:
      return status satisfies never;
  }
}

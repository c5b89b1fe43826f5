/** @file Which failures of a call another attempt may mend, and what they say about the replica. */
import { isPassing, RemoteError } from '#platform/rpc';

/** The replica was given up while the call was in flight: it no longer answers. */
export class ReplicaAbandoned extends RemoteError {
  constructor(address: string) {
    super({ code: 'UNAVAILABLE', status: 'UNAVAILABLE', message: `${address} was given up: it no longer answers` });
  }
}

/** True for what may be gone next time, or elsewhere. A replica that hangs is given up on by the deadline. */
export function mayPass(error: RemoteError): boolean {
  return isPassing(error) || error.status === 'DEADLINE_EXCEEDED' || isTransport(error);
}

/** True when the replica is well and has too much to do: it named a delay, and it is not going down. */
export function isBusy(error: RemoteError): boolean {
  return error.retryAfterMs !== undefined && error.status === 'RESOURCE_EXHAUSTED';
}

/**
 * True when the stream was cut under the call. No service of ours says so: it gives a reason of its own, where these carry
 * the name of the status alone, and grpc-js reports a reset stream as INTERNAL or CANCELLED.
 */
function isTransport({ code, status, message }: RemoteError): boolean {
  if (code !== status) return false;
  return status === 'CANCELLED' || (status === 'INTERNAL' && message.includes('RST_STREAM'));
}

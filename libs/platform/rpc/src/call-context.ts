/**
 * @file What a handler knows of the call it answers: when to stop, by when, for whom, and as part of which trace.
 */
import { randomUUID } from 'node:crypto';
import type * as grpc from '@grpc/grpc-js';
import { currentTraceparent } from '#platform/telemetry';

/** Name of the metadata entry that carries a request's id from service to service. */
export const REQUEST_ID_KEY = 'x-request-id';
/** Name of the metadata entry of W3C Trace Context. */
export const TRACEPARENT_KEY = 'traceparent';

/** Second argument of every handler. */
export interface CallContext {
  /** Full name, for instance `/metaapo.policy.v1.PolicyService/ScoreResponses`. */
  readonly method: string;
  /** Aborts when the caller cancels or leaves, the deadline passes, or a draining server ends the call. */
  readonly signal: AbortSignal;
  /** When the caller stops waiting, milliseconds since the epoch; `undefined` when it waits for ever. */
  readonly deadlineAtMs: number | undefined;
  /** Text metadata of the call; the first value of each key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The caller's `x-request-id`, or a fresh one. */
  readonly requestId: string;
  /** W3C `traceparent` of the current span; without telemetry the caller's own, so that the trace stays whole. */
  readonly traceparent: string | undefined;
  /** Address of the caller. */
  readonly peer: string;
}

/** The part of grpc-js's server calls that is common to all kinds. */
export type ServerCall = grpc.ServerUnaryCall<unknown, unknown> | grpc.ServerReadableStream<unknown, unknown>;

/** Builds the context of a call that has just arrived. */
export function callContext(call: ServerCall): CallContext {
  const stop = new AbortController();
  // grpc-js says `cancelled` after a normal end too; by then nobody listens to the signal any more.
  if (call.cancelled) stop.abort();
  else call.once('cancelled', () => stop.abort());
  const metadata = textMetadata(call.metadata);
  const deadline = call.getDeadline();
  const deadlineAtMs = deadline instanceof Date ? deadline.getTime() : deadline;
  return {
    method: call.getPath(),
    signal: stop.signal,
    deadlineAtMs: Number.isFinite(deadlineAtMs) ? deadlineAtMs : undefined,
    metadata,
    requestId: metadata[REQUEST_ID_KEY] ?? randomUUID(),
    traceparent: currentTraceparent() ?? metadata[TRACEPARENT_KEY],
    peer: call.getPeer(),
  };
}

function textMetadata(metadata: grpc.Metadata): Record<string, string> {
  const entries = Object.entries(metadata.getMap());
  return Object.fromEntries(entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

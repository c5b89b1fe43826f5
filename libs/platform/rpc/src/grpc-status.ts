/**
 * @file Errors to gRPC statuses and back; the only place that knows `grpc-status-details-bin`.
 *
 * The trailer holds a `google.rpc.Status` with `ErrorInfo{reason, domain, metadata}`, `BadRequest` where fields are
 * wrong and `RetryInfo` where a repetition may help. What is not an `AppError` becomes INTERNAL with a general message.
 */
import * as grpc from '@grpc/grpc-js';
import { AppError, type ErrorFacts, type FieldProblem, type HasFieldProblems, STATUS_NUMBERS } from '#core';
import { fromDuration, toDuration } from './durations.js';
import { decode, encode, type BadRequest, type ErrorInfo, type RetryInfo, type RpcStatus } from './google-rpc.js';
import { INTERNAL_MESSAGE, logInternal } from './internal-errors.js';
import { statusName } from './item-status.js';
import { RemoteError } from './rpc.errors.js';

const DETAILS_KEY = 'grpc-status-details-bin';
/** Owner of the reasons in `proto/ERRORS.md`. */
const ERROR_DOMAIN = 'metaapo';
const TYPE_URL = 'type.googleapis.com/';
/** Trailers are HTTP/2 headers, of which peers accept 8 KiB in all by default: the texts must leave room. */
const DETAILS_CHARACTERS_MAX = 512;
const MESSAGE_CHARACTERS_MAX = 3072;
const FIELD_PROBLEMS_MAX = 16;

/** What Nest and grpc-js take as a failed call. */
export interface GrpcFailure {
  readonly code: grpc.status;
  readonly details: string;
  readonly message: string;
  readonly metadata: grpc.Metadata;
}

/** The status that a thrown value ends a call with. */
export function toGrpcFailure(thrown: unknown): GrpcFailure {
  if (thrown instanceof AppError) return failureOf(thrown);
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return bareFailure(grpc.status.CANCELLED, 'The call was cancelled');
  }
  logInternal(thrown);
  return bareFailure(grpc.status.INTERNAL, INTERNAL_MESSAGE);
}

function bareFailure(code: grpc.status, details: string): GrpcFailure {
  return { code, details, message: details, metadata: new grpc.Metadata() };
}

function failureOf(error: AppError): GrpcFailure {
  const code = STATUS_NUMBERS[error.status];
  const metadata = new grpc.Metadata();
  const message = clipped(error.message, MESSAGE_CHARACTERS_MAX);
  const status = encode('google.rpc.Status', { code, message, details: detailsOf(error) });
  metadata.set(DETAILS_KEY, Buffer.from(status));
  const details = clipped(error.message, DETAILS_CHARACTERS_MAX);
  return { code, details, message: details, metadata };
}

function detailsOf(error: AppError): RpcStatus['details'] {
  const facts = Object.entries(error.facts).map(([key, value]) => [
    key,
    clipped(String(value), DETAILS_CHARACTERS_MAX),
  ]);
  const details = [
    detail('google.rpc.ErrorInfo', { reason: error.code, domain: ERROR_DOMAIN, metadata: Object.fromEntries(facts) }),
  ];
  const fieldViolations = fieldProblemsOf(error).slice(0, FIELD_PROBLEMS_MAX);
  if (fieldViolations.length > 0) details.push(detail('google.rpc.BadRequest', { fieldViolations }));
  if (error.retryAfterMs !== undefined) {
    details.push(detail('google.rpc.RetryInfo', { retryDelay: toDuration(error.retryAfterMs) }));
  }
  return details;
}

function detail(...[name, message]: Parameters<typeof encode>): RpcStatus['details'][number] {
  return { typeUrl: `${TYPE_URL}${name}`, value: encode(name, message) };
}

function fieldProblemsOf(error: AppError): readonly FieldProblem[] {
  return (error as Partial<HasFieldProblems>).fieldProblems ?? [];
}

const clipped = (text: string, charactersMax: number): string =>
  text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`;

/** The error that a failed call of a client becomes. */
export function fromServiceError(thrown: unknown, method: string): RemoteError {
  const { code = grpc.status.UNKNOWN, details, message, metadata } = thrown as Partial<grpc.ServiceError>;
  const status = statusName(code);
  const rich = richDetails(metadata);
  return new RemoteError({
    code: rich.errorInfo?.reason || status,
    status,
    message: rich.message || details || message || `${method} failed with ${status}`,
    method,
    facts: rich.errorInfo?.metadata ?? ({} satisfies ErrorFacts),
    fieldProblems: rich.badRequest?.fieldViolations ?? [],
    retryAfterMs: rich.retryInfo?.retryDelay ? fromDuration(rich.retryInfo.retryDelay) : undefined,
    cause: thrown,
  });
}

interface RichDetails {
  message?: string;
  errorInfo?: ErrorInfo;
  badRequest?: BadRequest;
  retryInfo?: RetryInfo;
}

/** Opens the details trailer. One that cannot be read counts as absent: the plain status still tells what happened. */
function richDetails(metadata: grpc.Metadata | undefined): RichDetails {
  const bytes = metadata?.get(DETAILS_KEY)[0];
  if (!(bytes instanceof Uint8Array)) return {};
  try {
    const { message, details } = decode('google.rpc.Status', bytes);
    const rich: RichDetails = { message };
    for (const { typeUrl, value } of details) {
      const name = typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
      if (name === 'google.rpc.ErrorInfo') rich.errorInfo = decode(name, value);
      if (name === 'google.rpc.BadRequest') rich.badRequest = decode(name, value);
      if (name === 'google.rpc.RetryInfo') rich.retryInfo = decode(name, value);
    }
    return rich;
  } catch {
    return {};
  }
}

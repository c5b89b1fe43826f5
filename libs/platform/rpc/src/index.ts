/** @file gRPC as this project uses it: typed handlers, clients, errors and servers over the wire contract. */
import '#platform/telemetry'; // first: it patches grpc-js before the files below import it

export type { CallContext } from './call-context.js';
export {
  MESSAGE_BYTES_MAX_DEFAULT,
  createRpcClient,
  type CallOptions,
  type ClientMethod,
  type RpcClient,
  type RpcClientOptions,
  type UnaryCallOptions,
} from './client.js';
export type {
  MethodName,
  RequestInput,
  RequestOutput,
  ResponseInput,
  ResponseOutput,
  StreamKind,
} from './contract-types.js';
export {
  fromDuration,
  fromTimestamp,
  toDuration,
  toTimestamp,
  toTiming,
  type SecondsAndNanos,
  type TimingMs,
} from './durations.js';
export { fromItemStatus, isOk, okStatus, toItemStatus } from './item-status.js';
export { isPassing, retrying, type RetryPolicy } from './retry.js';
export { startRpcApp, type AppModuleInput, type DrainOutcome, type RpcApp, type RpcAppOptions } from './rpc-app.js';
export { Rpc, type RpcHandler } from './rpc.decorator.js';
export {
  AddressInUseError,
  AddressUnusableError,
  CallsFullError,
  DrainingError,
  RemoteError,
  SentTextMalformedError,
} from './rpc.errors.js';
export { rpcServer, RpcServer, type RpcServerOptions } from './server.js';

export { TlsFiles, type TlsFilesOptions } from './tls/tls-files.js';
export type { TlsMaterial, TlsPaths } from './tls/tls-material.js';
export { openClientTls, type ClientTls } from './tls/tls-credentials.js';
export {
  TlsCertificateExpiredError,
  TlsFileInvalidError,
  TlsFileUnreadableError,
  TlsPairMismatchError,
} from './tls/tls.errors.js';

// For sister packages.
export { RpcExceptionFilter } from './exception-filter.js';
export { fromServiceError, toGrpcFailure } from './grpc-status.js';
export { RpcTransport } from './transport.js';

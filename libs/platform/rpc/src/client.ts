/**
 * @file Typed clients: unary calls are promises, streams are async iterables with back-pressure in both directions.
 *
 * Built on raw grpc-js clients, since Nest's `ClientGrpcProxy` offers Observables, which buffer without bound.
 */
import * as grpc from '@grpc/grpc-js';
import { systemClock, type Clock } from '#core';
import { contract, type ServiceName } from '#contracts';
import type { CallContext } from './call-context.js';
import { bidiStream, clientStream, serverStream, unary, type CallSetup } from './client-calls.js';
import type { MethodName, RequestInput, ResponseOutput, StreamKind } from './contract-types.js';
import { retrying, type RetryPolicy } from './retry.js';
import { channelCredentialsOf, type ClientTls } from './tls/tls-credentials.js';
import { REQUEST_ID_KEY, TRACEPARENT_KEY } from './call-context.js';

/** Settings of one call. */
export interface CallOptions {
  /** Cancels the call; the call then fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Longest wait for the end of the call, retries included, in milliseconds. @default none */
  readonly timeoutMs?: number;
  /** Text metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** True waits for a connection instead of failing at once with UNAVAILABLE. Combine with `timeoutMs`. @default false */
  readonly waitForReady?: boolean;
  /** The call being answered: its deadline, request id, trace and cancellation reach the called service. */
  readonly parent?: CallContext;
}

/** Settings of a unary call. */
export interface UnaryCallOptions extends CallOptions {
  /** Repeats the call after failures that pass; only for calls that are harmless to repeat. @default no repetition */
  readonly retry?: RetryPolicy;
}

type Many<T> = AsyncIterable<T> | Iterable<T>;

/** One method as callers see it. A stream is opened by the first `next()`; leaving its loop cancels the call. */
export type ClientMethod<S extends ServiceName, M extends MethodName<S>> = {
  unary: (request: RequestInput<S, M>, options?: UnaryCallOptions) => Promise<ResponseOutput<S, M>>;
  server: (request: RequestInput<S, M>, options?: CallOptions) => AsyncIterable<ResponseOutput<S, M>>;
  client: (requests: Many<RequestInput<S, M>>, options?: CallOptions) => Promise<ResponseOutput<S, M>>;
  bidi: (requests: Many<RequestInput<S, M>>, options?: CallOptions) => AsyncIterable<ResponseOutput<S, M>>;
}[StreamKind<S, M>];

/** A service's methods, named in camelCase, and `close()`. Failures are `RemoteError`s. */
export type RpcClient<S extends ServiceName> = {
  readonly [M in MethodName<S> as Uncapitalize<M>]: ClientMethod<S, M>;
} & {
  /** Ends the connections. Calls in flight fail. */
  close(): void;
};

export interface RpcClientOptions {
  /** Largest message sent or received, in bytes. @default 64 MiB */
  readonly messageBytesMax?: number;
  /** `timeoutMs` of calls that name none. @default none */
  readonly timeoutMs?: number;
  /**
   * While calls are in flight, a peer that has not been heard of for so long counts as gone and they fail with UNAVAILABLE,
   * in milliseconds; HTTP/2 pings ask it. For peers that hang or are cut off, which no reset connection tells of.
   *
   * @default none: such a call ends by its deadline
   */
  readonly deadPeerMs?: number;
  /** Calls over TLS. @default plaintext */
  readonly tls?: ClientTls | undefined;
  /** Called when a connection that stood is lost. */
  readonly onDisconnect?: () => void;
  /** @default the system's */
  readonly clock?: Clock;
}

/** Largest message where nothing else is said; the servers' default too. */
export const MESSAGE_BYTES_MAX_DEFAULT = 64 * 2 ** 20;
/** A restarted service is found again within this time, in milliseconds; grpc-js's own default grows to 120 s. */
const RECONNECT_BACKOFF_MS_MAX = 2000;
const RECONNECT_BACKOFF_MS_FIRST = 100;
/** The silence that a ping breaks, as a share of `deadPeerMs`; the rest is for its answer, which a busy process delays. */
const PING_SHARE = 1 / 3;

/**
 * A client of one service at one address, or at several: calls then take the addresses in turn.
 *
 * @param addresses `host:port`, or a list of them.
 */
export function createRpcClient<S extends ServiceName>(
  service: S,
  addresses: string | readonly string[],
  options: RpcClientOptions = {},
): RpcClient<S> {
  const { messageBytesMax = MESSAGE_BYTES_MAX_DEFAULT, timeoutMs, clock = systemClock, onDisconnect } = options;
  const channels = [addresses].flat().map(
    (address) =>
      new grpc.Client(address, credentialsOf(options), {
        'grpc.max_receive_message_length': messageBytesMax,
        'grpc.max_send_message_length': messageBytesMax,
        'grpc.initial_reconnect_backoff_ms': RECONNECT_BACKOFF_MS_FIRST,
        'grpc.max_reconnect_backoff_ms': RECONNECT_BACKOFF_MS_MAX,
        'grpc.service_config_disable_resolution': 1,
        ...pings(options),
        ...expectedName(options),
      }),
  );
  if (onDisconnect) for (const channel of channels) watchConnection(channel, onDisconnect);
  let turn = 0;
  const nextChannel = (): grpc.Client => channels[turn++ % channels.length] as grpc.Client;
  const setup = (call: CallOptions = {}): CallSetup => callSetup(call, call.timeoutMs ?? timeoutMs, clock);

  const methods = Object.entries(contract()[service] as grpc.ServiceDefinition).map(([name, definition]) => {
    const method = definition as grpc.MethodDefinition<object, object>;
    return [name.charAt(0).toLowerCase() + name.slice(1), methodOf(method, nextChannel, setup, clock)] as const;
  });
  const close = (): void => {
    for (const channel of channels) channel.close();
  };
  return { ...Object.fromEntries(methods), close } as RpcClient<S>;
}

function credentialsOf({ tls }: RpcClientOptions): grpc.ChannelCredentials {
  return tls ? channelCredentialsOf(tls.files) : grpc.credentials.createInsecure();
}

/** The name that the certificate must bear, where it is not the address's host. */
function expectedName({ tls }: RpcClientOptions): grpc.ChannelOptions {
  const name = tls?.serverName;
  return name === undefined ? {} : { 'grpc.ssl_target_name_override': name, 'grpc.default_authority': name };
}

function pings({ deadPeerMs }: RpcClientOptions): grpc.ChannelOptions {
  if (deadPeerMs === undefined) return {};
  const silenceMs = Math.max(1, Math.round(deadPeerMs * PING_SHARE));
  return { 'grpc.keepalive_time_ms': silenceMs, 'grpc.keepalive_timeout_ms': Math.max(1, deadPeerMs - silenceMs) };
}

/** Calls back whenever the channel leaves READY, until it is closed. */
function watchConnection(client: grpc.Client, onDisconnect: () => void): void {
  const channel = client.getChannel();
  const watch = (): void => {
    const before = channel.getConnectivityState(false);
    if (before === grpc.connectivityState.SHUTDOWN) return;
    channel.watchConnectivityState(before, Infinity, () => {
      const isClosed = channel.getConnectivityState(false) === grpc.connectivityState.SHUTDOWN;
      if (before === grpc.connectivityState.READY && !isClosed) onDisconnect();
      watch();
    });
  };
  watch();
}

function methodOf(
  method: grpc.MethodDefinition<object, object>,
  nextChannel: () => grpc.Client,
  setup: (options?: CallOptions) => CallSetup,
  clock: Clock,
): unknown {
  if (method.requestStream && method.responseStream) {
    return (requests: Many<object>, options?: CallOptions) => bidiStream(nextChannel, method, requests, setup(options));
  }
  if (method.requestStream) {
    return (requests: Many<object>, options?: CallOptions) =>
      clientStream(nextChannel(), method, requests, setup(options));
  }
  if (method.responseStream) {
    return (request: object, options?: CallOptions) => serverStream(nextChannel, method, request, setup(options));
  }
  return (request: object, options: UnaryCallOptions = {}) => {
    const call = setup(options); // once: the deadline spans all attempts
    const attempt = (): Promise<object> => unary(nextChannel(), method, request, call);
    return options.retry ? retrying(attempt, options.retry, { clock, signal: call.signal }) : attempt();
  };
}

function callSetup(options: CallOptions, timeoutMs: number | undefined, clock: Clock): CallSetup {
  const { parent, waitForReady = false } = options;
  const metadata = new grpc.Metadata({ waitForReady });
  if (parent) {
    metadata.set(REQUEST_ID_KEY, parent.requestId);
    if (parent.traceparent !== undefined) metadata.set(TRACEPARENT_KEY, parent.traceparent);
  }
  for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
  const deadlines = [
    ...(timeoutMs === undefined ? [] : [clock.nowMs() + timeoutMs]),
    ...(parent?.deadlineAtMs === undefined ? [] : [parent.deadlineAtMs]),
  ];
  const signals = [options.signal, parent?.signal].filter((signal) => signal !== undefined);
  return {
    metadata,
    signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
    options: deadlines.length > 0 ? { deadline: Math.min(...deadlines) } : {},
  };
}

/**
 * @file The four kinds of calls on a raw grpc-js client.
 *
 * Two facts of grpc-js 1.14 decide the shape: leaving `for await` over a call destroys the stream but does not cancel
 * the RPC, so the server would run on; and `write` returning false is the only sign that the peer is slow. What throws
 * while a request is written in bytes loses its name there, so requests are checked before.
 */
import { once } from 'node:events';
import type * as grpc from '@grpc/grpc-js';
import { fromServiceError } from './grpc-status.js';
import { checkTexts } from './sent-texts.js';

/** What a call is opened with. */
export interface CallSetup {
  readonly metadata: grpc.Metadata;
  readonly options: grpc.CallOptions;
  readonly signal: AbortSignal | undefined;
}

type Method = grpc.MethodDefinition<object, object>;
type Many = AsyncIterable<object> | Iterable<object>;
/** Streams are opened by their first `next()`, on the channel whose turn it is then. */
type NextChannel = () => grpc.Client;

/** One request, one response. */
export async function unary(channel: grpc.Client, method: Method, request: object, setup: CallSetup): Promise<object> {
  setup.signal?.throwIfAborted();
  checkTexts(request);
  return answered(method, setup, (callback) =>
    channel.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      setup.metadata,
      setup.options,
      callback,
    ),
  );
}

/** Many requests, one response. A server that answers early stops the source of requests. */
export async function clientStream(
  channel: grpc.Client,
  method: Method,
  requests: Many,
  setup: CallSetup,
): Promise<object> {
  setup.signal?.throwIfAborted();
  let feeding: Feeding | undefined;
  const response = answered(method, setup, (callback) => {
    const call = channel.makeClientStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      setup.metadata,
      setup.options,
      callback,
    );
    feeding = startFeeding(call, requests);
    return call;
  });
  try {
    return await response;
  } catch (thrown) {
    throw feeding?.failure ?? thrown;
  } finally {
    await feeding?.ended;
  }
}

/** One request, many responses. */
export async function* serverStream(
  channel: NextChannel,
  method: Method,
  request: object,
  setup: CallSetup,
): AsyncGenerator<object> {
  setup.signal?.throwIfAborted();
  checkTexts(request);
  const call = channel().makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    setup.metadata,
    setup.options,
  );
  yield* responses(call, method, setup);
}

/** Many requests, many responses, each side at its own pace. */
export async function* bidiStream(
  channel: NextChannel,
  method: Method,
  requests: Many,
  setup: CallSetup,
): AsyncGenerator<object> {
  setup.signal?.throwIfAborted();
  const call = channel().makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    setup.metadata,
    setup.options,
  );
  const feeding = startFeeding(call, requests);
  try {
    yield* responses(call, method, setup);
  } catch (thrown) {
    throw feeding.failure ?? thrown;
  } finally {
    await feeding.ended;
  }
}

/** Waits for the one response of a call, cancelling it when the signal aborts. */
function answered(
  method: Method,
  { signal }: CallSetup,
  open: (callback: grpc.requestCallback<object>) => { cancel(): void },
): Promise<object> {
  return new Promise((resolve, reject) => {
    const call = open((error, response) => {
      signal?.removeEventListener('abort', cancel);
      if (error) reject(signal?.aborted ? signal.reason : fromServiceError(error, method.path));
      else resolve(response as object);
    });
    const cancel = (): void => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

/** Reads a call to its end. Leaving early, by `break` or an exception, cancels it. */
async function* responses(
  call: grpc.ClientReadableStream<object>,
  method: Method,
  { signal }: CallSetup,
): AsyncGenerator<object> {
  const cancel = (): void => call.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  let ended = false;
  try {
    for await (const response of call) yield response as object;
    ended = true;
  } catch (thrown) {
    if (signal?.aborted) throw signal.reason;
    throw fromServiceError(thrown, method.path);
  } finally {
    signal?.removeEventListener('abort', cancel);
    if (!ended) {
      call.on('error', () => {}); // the cancellation reports itself once more, to nobody
      call.cancel();
    }
  }
}

/** The writing side of a call. */
interface Feeding {
  /** Resolves when nothing more is written; never rejects. */
  readonly ended: Promise<void>;
  /** The caller's own failure while making requests: it explains the cancellation that follows from it. */
  readonly failure: unknown;
}

function startFeeding(call: grpc.ClientWritableStream<object>, requests: Many): Feeding {
  const feeding: { failure: unknown; ended: Promise<void> } = { failure: undefined, ended: Promise.resolve() };
  feeding.ended = feed(call, requests).catch((thrown: unknown) => {
    feeding.failure = thrown;
    call.cancel();
  });
  return feeding;
}

/** Writes requests as fast as the peer takes them; stops when the call is over, which its status tells. */
async function feed(call: grpc.ClientWritableStream<object>, requests: Many): Promise<void> {
  const over = new AbortController();
  call.once('status', () => over.abort());
  for await (const request of requests) {
    if (over.signal.aborted) return;
    checkTexts(request);
    if (!call.write(request)) await once(call, 'drain', { signal: over.signal }).catch(() => {});
    if (over.signal.aborted) return;
  }
  call.end();
}

/**
 * @file Admission of calls: counts those in flight, bounds them, and refuses new ones while the server goes down.
 *
 * A grpc-js interceptor, so that it stands before everything, health and reflection included. `grpc.*` services are
 * answered during a drain too (a probe must hear NOT_SERVING), but their streams never end by themselves and would hold
 * the server up, so a drain ends them, as it ends the endless methods of our own.
 */
import * as grpc from '@grpc/grpc-js';
import type { AppError } from '#core';
import { toGrpcFailure } from './grpc-status.js';
import { CallsFullError, DrainingError } from './rpc.errors.js';

type RawCall = grpc.ServerInterceptingCallInterface;

const isInfrastructure = (path: string): boolean => path.startsWith('/grpc.');

export interface CallGateOptions {
  /** Most calls in flight; `grpc.*` services are not counted. */
  readonly concurrentCallsMax: number;
  /** Full names of streams that go on until somebody ends them. */
  readonly endlessMethods: readonly string[];
}

export class CallGate {
  readonly #options: CallGateOptions;
  readonly #inFlight = new Set<RawCall>();
  readonly #endless = new Set<RawCall>();
  #idleWaiters: (() => void)[] = [];
  #draining = false;

  constructor(options: CallGateOptions) {
    this.#options = options;
  }

  /** Calls that a drain waits for. */
  get inFlightCount(): number {
    return this.#inFlight.size;
  }

  /** Goes into `new grpc.Server({ interceptors })`. */
  readonly interceptor = (
    method: grpc.ServerMethodDefinition<unknown, unknown>,
    call: RawCall,
  ): grpc.ServerInterceptingCall =>
    new grpc.ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, proceed) => {
            const refusal = this.#refusal(method);
            if (refusal) call.sendStatus(toGrpcFailure(refusal));
            else {
              this.#setOf(method)?.add(call);
              proceed(metadata);
            }
          },
          // grpc-js says this at every end of a call, the normal one included.
          onCancel: () => this.#leave(call),
        });
      },
      // After the status of a drain a message would break the stream before that has left; its caller would wait for ever.
      sendMessage: (message, next) => {
        if (!this.#draining || !this.#endless.has(call)) next(message);
      },
    });

  /** From now on new calls are refused with `DRAINING`; endless streams end with it. */
  beginDrain(): void {
    this.#draining = true;
    for (const call of this.#endless) call.sendStatus(toGrpcFailure(new DrainingError()));
  }

  /** Resolves when no call is in flight. */
  async idle(): Promise<void> {
    if (this.#inFlight.size > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  #refusal({ path, responseStream }: grpc.ServerMethodDefinition<unknown, unknown>): AppError | undefined {
    if (isInfrastructure(path)) return this.#draining && responseStream ? new DrainingError() : undefined;
    if (this.#draining) return new DrainingError();
    const { concurrentCallsMax } = this.#options;
    return this.#inFlight.size >= concurrentCallsMax ? new CallsFullError(concurrentCallsMax) : undefined;
  }

  #setOf({ path, responseStream }: grpc.ServerMethodDefinition<unknown, unknown>): Set<RawCall> | undefined {
    if (this.#options.endlessMethods.includes(path)) return this.#endless;
    if (!isInfrastructure(path)) return this.#inFlight;
    return responseStream ? this.#endless : undefined;
  }

  #leave(call: RawCall): void {
    this.#endless.delete(call);
    if (!this.#inFlight.delete(call) || this.#inFlight.size > 0) return;
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }
}

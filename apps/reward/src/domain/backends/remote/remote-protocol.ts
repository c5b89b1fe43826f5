/** @file What the protocols of other people's reward servers share: a request becomes a payload, payloads become scores. */
import type { AppError, Digest } from '#core';
import type { ScoreRequest } from '../../reward-backend.js';
import type { RewardRemoteError } from '../http/remote.errors.js';

/** What a server says of itself, by name; everything in it goes into the digest. */
export type RemoteIdentity = Readonly<Record<string, string>>;

export interface RemoteCall {
  readonly signal: AbortSignal;
  /** Called when the first attempt begins. */
  readonly onBegin: () => void;
  /** Called after a wait, before the next attempt. */
  readonly beforeRepeat: (failure: RewardRemoteError) => Promise<void>;
  /** The same in every repetition; absent where the request has no id. */
  readonly idempotencyKey: string | undefined;
}

/** A score, or why this payload has none. */
export type RemoteScore = number | AppError;

export interface RemoteProtocol<Payload = unknown> {
  /** For provenance. */
  readonly executionProvider: 'http' | 'grpc';
  /** For provenance; where the server does not tell, `unknown`. */
  readonly dtype: string;
  /** Most payloads in a request. */
  readonly batchSize: number;
  /** Of the chat template, where this side renders. */
  readonly templateDigest: Digest | undefined;
  /** Settings of this side that could change a score. */
  readonly facts: unknown;
  /** Asks the server who it is; empty where the protocol has no word for it. @throws RewardRemoteError */
  identify(signal: AbortSignal): Promise<RemoteIdentity>;
  /** @throws AppError where this request cannot be asked about; it says nothing of others */
  payload(request: ScoreRequest): Payload;
  /** One score per payload, in order. @throws RewardRemoteError where none has one */
  scores(payloads: readonly Payload[], call: RemoteCall): Promise<readonly RemoteScore[]>;
  /** Frees connections. May be called twice. */
  close(): void;
}

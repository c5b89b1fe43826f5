/** @file One shape in which another tool's clients ask for scores over HTTP. */
import type { Score } from '../domain/reward-backend.js';
import type { Provenance } from '../domain/provenance.js';
import type { FacadeItem } from './facade-annotator.js';
import type { FacadeOptions } from './facade-options.js';

/** Refuses more responses than one call may bring. To be called before each of them is read. @throws ClientBatchTooLargeError */
export type BatchCheck = (responseCount: number) => void;

/** What a body asks for. */
export interface FacadeRequest {
  /** In the order in which the reply has their scores; may be none. */
  readonly items: readonly FacadeItem[];
  /** The reward model, where the body names one. A name in the path goes before it. */
  readonly rewardModel?: string | undefined;
}

export interface FacadeScores {
  /** One for each item, none missing. */
  readonly scores: readonly Score[];
  readonly provenance: Provenance;
  /** As the client gave it, or one of our own. */
  readonly requestId: string;
  readonly options: FacadeOptions;
}

export interface Facade {
  /** Paths it is served at, each also below `/models/{name}`. */
  readonly paths: readonly string[];
  /** How texts are read where the URL does not say. */
  readonly defaults: Partial<FacadeOptions>;
  /** @throws BodyInvalidError (`REQUEST_INVALID`), and what the check throws */
  readonly read: (body: unknown, options: FacadeOptions, checkBatch: BatchCheck) => FacadeRequest;
  /** The body of the reply. */
  readonly reply: (scores: FacadeScores) => unknown;
}

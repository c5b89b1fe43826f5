/** @file Messages from the engine's thread. */
import type { StatusName, ErrorFacts } from '#core';
import type {
  EngineDescription,
  GenerateUsage,
  GeneratedSample,
  GradientResult,
  ScoreResult,
} from '../policy-engine.js';

/** What a request ends with when it succeeds, by its type. */
export interface Results {
  readonly put_adapter: undefined;
  readonly score: ScoreResult;
  readonly generate: GenerateUsage;
  readonly gradient: GradientResult;
}

export type Result = Results[keyof Results];

/** An error in a form that crosses threads. */
export type ThreadError =
  | {
      readonly kind: 'app';
      readonly name: string;
      readonly code: string;
      readonly status: StatusName;
      readonly message: string;
      readonly facts: ErrorFacts;
    }
  | { readonly kind: 'other'; readonly message: string; readonly stack: string | undefined };

export type EngineOutput =
  | { readonly type: 'ready'; readonly description: EngineDescription }
  | { readonly type: 'open_failed'; readonly error: ThreadError }
  | { readonly type: 'done'; readonly requestId: number; readonly result: Result }
  | { readonly type: 'failed'; readonly requestId: number; readonly error: ThreadError }
  /** Waits for `sample_taken` before it computes on. */
  | { readonly type: 'sample'; readonly requestId: number; readonly sample: GeneratedSample };

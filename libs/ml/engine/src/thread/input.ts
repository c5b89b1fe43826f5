/** @file Messages to the engine's thread. Requests carry an id that their answers repeat. */
import type { Digest } from '#core';
import type { Adapter } from '#ml/adapters';
import type { DeviceProfile } from '../device/device-profile.js';
import type { DecodePrecision, GenerateUnit, GradientUnit, ScoreUnit } from '../policy-engine.js';

/** What the thread is started with. */
export interface EngineThreadData {
  readonly modelDir: string;
  readonly intraOpThreads: number;
  readonly executionProvider: string;
  readonly decodePrecision: DecodePrecision;
  readonly device: Partial<DeviceProfile>;
}

export type EngineInput =
  | { readonly type: 'put_adapter'; readonly requestId: number; readonly digest: Digest; readonly adapter: Adapter }
  /** Units that arrived before still have it. Not answered. */
  | { readonly type: 'drop_adapter'; readonly digest: Digest }
  | { readonly type: 'score'; readonly requestId: number; readonly unit: ScoreUnit }
  | { readonly type: 'generate'; readonly requestId: number; readonly unit: GenerateUnit }
  | { readonly type: 'gradient'; readonly requestId: number; readonly unit: GradientUnit }
  /** The consumer has dealt with the last sample of this request. */
  | { readonly type: 'sample_taken'; readonly requestId: number }
  /** Nobody waits for this request any more. Not answered. */
  | { readonly type: 'cancel'; readonly requestId: number }
  /** Cancel everything, release the sessions, end the thread. */
  | { readonly type: 'close' };

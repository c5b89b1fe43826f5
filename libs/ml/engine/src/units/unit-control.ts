/** @file How a unit that computes stays in touch with whoever asked for it. */
import type { GeneratedSample } from '../policy-engine.js';

export interface UnitControl {
  /** Called before each forward pass or decode step; lets messages in, and throws when nobody waits any more. */
  proceed(): Promise<void>;
}

export interface GenerationControl extends UnitControl {
  /** Hands over a finished sample; resolves when the consumer has dealt with it. */
  emit(sample: GeneratedSample): Promise<void>;
}

/** Thrown by `proceed` to leave a cancelled unit; it never reaches a caller. */
export class UnitCancelled extends Error {
  override readonly name = 'UnitCancelled';
}

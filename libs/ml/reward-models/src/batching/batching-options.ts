/** @file How the inputs of calls become batches. */

export interface BatchingOptions {
  /** Most tokens of a batch, padding included; an input beyond it is a batch alone. @default BATCH_TOKENS_MAX_DEFAULT */
  readonly tokensMax?: number | undefined;
  /**
   * How long an input may wait for others to fill its batch, in milliseconds. One that is alone never waits.
   *
   * @default 0: whatever is there when the model is free makes a batch
   */
  readonly waitMs?: number | undefined;
  /**
   * `across_calls`: inputs of all calls share batches. `per_call`: one call after the other, each in batches of its own.
   *
   * @default 'across_calls'
   */
  readonly mode?: 'across_calls' | 'per_call' | undefined;
}

/** As the engine's batches: beyond it activations leave the processor's cache. */
export const BATCH_TOKENS_MAX_DEFAULT = 1024;

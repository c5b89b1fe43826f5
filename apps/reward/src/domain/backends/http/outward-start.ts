/** @file What a backend that asks other people's servers is started with. */
import type { Clock } from '#core';
import type { SecretSource } from './endpoint.js';
import type { OutwardListener } from './outward-listener.js';

/** `Spec` is the backend as it is configured. */
export interface OutwardStart<Spec> {
  /** For messages. */
  readonly rewardModel: string;
  readonly spec: Spec;
  /** Longest time for one attempt where the spec names none, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
  readonly readSecret: SecretSource;
  /** A number in [0, 1), for the waits between attempts. */
  readonly random: () => number;
  readonly listener: OutwardListener;
}

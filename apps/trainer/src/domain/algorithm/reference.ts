/**
 * @file Which policy an iteration measures against.
 *
 * `frozen_sft`: the base throughout, as the paper's text has it. `lagged`: the policy that started the iteration before,
 * as the authors' scripts have it; the base in the first iteration. Never the policy that starts the iteration itself:
 * then Δ = 0 for every row, and the gate is blind.
 */
import { present, type Digest } from '#core';
import type { PolicyRef } from '../ports/policy-port.js';

export type RefMode = 'frozen_sft' | 'lagged';

/** `starts[t]` is the policy that starts iteration t. */
export function referenceOf(mode: RefMode, iteration: number, starts: readonly Digest[]): PolicyRef {
  switch (mode) {
    case 'frozen_sft':
      return '';
    case 'lagged':
      return iteration === 0
        ? ''
        : present(starts[iteration - 1], `the policy that started iteration ${iteration - 1}`);
    default:
      return mode satisfies never;
  }
}

/** @file The states of a service and the ways between them. */
import { assert } from '#core';

/**
 * starting → serving → draining → disposing → ended; `failed` from any of them.
 *
 * - `starting`: configuration, models and ports; health says NOT_SERVING.
 * - `serving`: calls are answered; health says SERVING.
 * - `draining`: calls in flight go on, new ones get UNAVAILABLE / DRAINING; health says NOT_SERVING.
 * - `disposing`: ports are closed; models, files and telemetry are put away.
 */
export type LifecycleState = 'starting' | 'serving' | 'draining' | 'disposing' | 'ended' | 'failed';

const NEXT: { readonly [State in LifecycleState]: readonly LifecycleState[] } = {
  starting: ['serving', 'draining', 'failed'],
  serving: ['draining', 'failed'],
  draining: ['disposing', 'failed'],
  disposing: ['ended', 'failed'],
  ended: [],
  failed: [],
};

/** Holds the state and refuses ways that do not exist. */
export class Lifecycle {
  #state: LifecycleState = 'starting';
  readonly #onChange: (state: LifecycleState) => void;

  constructor(onChange: (state: LifecycleState) => void) {
    this.#onChange = onChange;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  moveTo(state: LifecycleState): void {
    assert(NEXT[this.#state].includes(state), `the lifecycle goes from ${this.#state} to ${state}`);
    this.#state = state;
    this.#onChange(state);
  }
}

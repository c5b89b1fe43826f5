/**
 * @file One replica as the pool sees it.
 *
 *   joining ──▶ serving ──a unit hangs, a connection is lost──▶ suspended ──admitted again──▶ serving
 *      └──────── does not fit ────────▶ refused ◀───────────────────┘
 */
import type { UnitSize } from './unit-times.js';
import type { Endpoint } from './discovery.js';
import { ReplicaAbandoned } from './failures.js';

export type ReplicaState = 'joining' | 'serving' | 'suspended' | 'refused';

export class Replica<C> {
  state: ReplicaState = 'joining';
  /** Units sent and not answered yet. */
  readonly inHand = new Set<UnitSize>();
  /** Units answered. */
  unitCount = 0;
  /** When it last answered a unit, by the pool's clock. */
  answeredMs = 0;
  /** Turn of the pool in which it last got a unit. */
  turn = 0;
  /** Why it does not serve. */
  reason: unknown;
  /** No longer among those that are known to exist. */
  isGone = false;
  private abandoning = new AbortController();

  constructor(
    readonly endpoint: Endpoint,
    readonly connection: C,
    /** Since when it has not served. */
    public awaySinceMs: number,
  ) {}

  get address(): string {
    return this.endpoint.address;
  }

  /** Aborted when its units are given up. */
  get abandoned(): AbortSignal {
    return this.abandoning.signal;
  }

  /** Gives up the units in hand: they go elsewhere. */
  abandon(): void {
    this.abandoning.abort(new ReplicaAbandoned(this.address));
    this.abandoning = new AbortController();
  }
}

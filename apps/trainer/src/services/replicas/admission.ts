/**
 * @file Lets replicas in: each is asked until it may work, with growing delays. While one that had units in hand does not
 * even answer this, its units are given up, so that they go elsewhere before their own deadlines.
 */
import type { Clock } from '#core';
import type { Replica } from './replica.js';
import { ReplicaMismatchError } from './replicas.errors.js';

export interface AdmissionOptions<C> {
  readonly clock: Clock;
  readonly admit: (replica: Replica<C>, signal: AbortSignal) => Promise<void>;
  readonly closing: AbortSignal;
  readonly onChange: () => void;
}

const DELAY_MS_FIRST = 100;
const DELAY_MS_MAX = 5000;
/** One that does not fit may be served anew with what fits. */
const REFUSED_DELAY_MS = 30_000;

export class Admission<C> {
  private readonly firstTries = new Map<string, PromiseWithResolvers<void>>();

  constructor(private readonly options: AdmissionOptions<C>) {}

  /** Resolves when the replica has been asked once, whatever it said. */
  async firstTry(address: string): Promise<void> {
    await this.firstTries.get(address)?.promise;
  }

  /** Asks until the replica may work, is gone, or the pool is closed. */
  async of(replica: Replica<C>): Promise<void> {
    const { clock, closing, onChange } = this.options;
    const first = Promise.withResolvers<void>();
    this.firstTries.set(replica.address, first);
    if (replica.state === 'refused') await clock.sleep(REFUSED_DELAY_MS, closing).catch(() => undefined);
    for (let tries = 0; !closing.aborted && !replica.isGone; tries++) {
      const isLetIn = await this.ask(replica);
      first.resolve();
      onChange();
      if (isLetIn) return;
      const delayMs =
        replica.state === 'refused' ? REFUSED_DELAY_MS : Math.min(DELAY_MS_FIRST * 2 ** tries, DELAY_MS_MAX);
      await clock.sleep(delayMs, closing).catch(() => undefined);
    }
    first.resolve();
  }

  private async ask(replica: Replica<C>): Promise<boolean> {
    try {
      await this.options.admit(replica, this.options.closing);
      replica.state = 'serving';
      replica.reason = undefined;
      return true;
    } catch (thrown) {
      replica.reason = thrown;
      if (thrown instanceof ReplicaMismatchError) replica.state = 'refused';
      replica.abandon();
      return false;
    }
  }
}

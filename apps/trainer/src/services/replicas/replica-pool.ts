/**
 * @file Replicas of one service, as one: a unit goes to the least busy replica, or to the one that its id is bound to; what a
 * replica fails at goes elsewhere; a replica that hangs or is gone is asked whether it is well until it is, and then works
 * again. Who may work is for `admit` to say, before the first unit and after every absence.
 */
import { type AppError, assert } from '#core';
import { RemoteError } from '#platform/rpc';
import { ServiceRefusedError, ServiceUnavailableError, type Service } from '../../domain/ports/ports.errors.js';
import { Admission } from './admission.js';
import { Change } from './change.js';
import { boundReplica, leastBusy } from './choice.js';
import { Discovery, type DiscoveryOptions, type Endpoint } from './discovery.js';
import { isBusy, mayPass } from './failures.js';
import { Replica } from './replica.js';
import { ReplicaMismatchError } from './replicas.errors.js';
import { Trouble, type Inability } from './trouble.js';
import type { UnitSize, UnitTimes } from './unit-times.js';

/** What a pool is told whichever service its replicas are of. */
export interface MemberPoolOptions<C> extends Omit<DiscoveryOptions, 'onChange'> {
  readonly connect: (endpoint: Endpoint, onDisconnect: () => void) => C;
  readonly times: UnitTimes;
  /** How long a unit may fail, or wait for a replica, before it is given up. */
  readonly retryTimeMsMax: number;
  /** Called before a unit is repeated. */
  readonly onRetry: (phase: string, reason: string) => void;
}

export interface ReplicaPoolOptions<C> extends MemberPoolOptions<C> {
  readonly service: Service;
  readonly disconnect: (connection: C) => void;
  /** Resolves when the replica may work. Rejects with ReplicaMismatchError, or with what may pass. */
  readonly admit: (replica: Replica<C>, signal: AbortSignal) => Promise<void>;
  /** How long bound units wait for their replica; 0 binds none. @default 0 */
  readonly stickyMs?: number;
  /** What a failure says when the replica is well and the unit is not for it; undefined for any other failure. */
  readonly inabilityOf?: (thrown: unknown) => Inability | undefined;
}

/** What a call to a replica is made with. */
export interface ReplicaCall {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface PoolUnit<C, T> {
  readonly size: UnitSize;
  readonly signal: AbortSignal;
  readonly work: (replica: Replica<C>, call: ReplicaCall) => Promise<T>;
  /** Repetitions, also by another process, prefer the same replica. */
  readonly binding?: string;
  /** @default the pool's */
  readonly retryTimeMsMax?: number | undefined;
}

/** Where a unit goes. */
interface Place<C> {
  readonly replica: Replica<C>;
  /** The unit among those that the replica has in hand. */
  readonly own: UnitSize;
  readonly timeoutMs: number;
}

const BUSY_DELAY_MS_MIN = 100;

export class ReplicaPool<C> {
  private readonly replicas = new Map<string, Replica<C>>();
  private readonly change: Change;
  private readonly closing = new AbortController();
  private readonly discovery: Discovery;
  private readonly admission: Admission<C>;
  private starting: Promise<void> | undefined;
  private turn = 0;

  constructor(private readonly options: ReplicaPoolOptions<C>) {
    const { clock, admit } = options;
    this.change = new Change(clock);
    this.discovery = new Discovery({ ...options, onChange: (endpoints) => this.update(endpoints) });
    this.admission = new Admission({ clock, admit, closing: this.closing.signal, onChange: () => this.change.tell() });
  }

  /** Every replica that exists, in order of address; those that do not serve too. */
  get all(): readonly Replica<C>[] {
    return [...this.replicas.values()].toSorted((a, b) => (a.address < b.address ? -1 : 1));
  }

  get serving(): readonly Replica<C>[] {
    return this.all.filter(({ state }) => state === 'serving');
  }

  /** Finds the replicas and asks each one. @throws ReplicaMismatchError, ServiceUnavailableError when none serves */
  async start(signal: AbortSignal, retryTimeMsMax = this.options.retryTimeMsMax): Promise<void> {
    this.starting ??= this.begin(signal, retryTimeMsMax);
    try {
      await this.starting;
    } catch (error) {
      this.starting = undefined;
      throw error;
    }
  }

  /** Runs a unit to its end, wherever that is. */
  async run<T>(unit: PoolUnit<C, T>): Promise<T> {
    const { signal } = unit;
    await this.start(signal, unit.retryTimeMsMax);
    const trouble = new Trouble<C>();
    for (;;) {
      signal.throwIfAborted();
      const place = await this.place(unit, trouble);
      trouble.attempts += 1;
      trouble.timeoutMs = place.timeoutMs;
      try {
        return await this.attempt(place, unit);
      } catch (thrown) {
        signal.throwIfAborted();
        await this.after(thrown, place.replica, trouble, unit);
      }
    }
  }

  /** Takes the replica out until it is admitted again. */
  suspend(replica: Replica<C>, reason: unknown, state: 'suspended' | 'refused' = 'suspended'): void {
    if (replica.state !== 'serving') return;
    replica.state = state;
    replica.awaySinceMs = this.options.clock.monotonicMs();
    replica.reason = reason;
    this.discovery.soon();
    this.change.tell();
    void this.admission.of(replica);
  }

  close(): void {
    this.closing.abort();
    this.discovery.close();
    for (const { connection } of this.replicas.values()) this.options.disconnect(connection);
  }

  private async begin(signal: AbortSignal, retryTimeMsMax: number): Promise<void> {
    const { clock } = this.options;
    const sinceMs = clock.monotonicMs();
    let last: unknown;
    await this.discovery.start().catch((thrown: unknown) => (last = thrown));
    await Promise.all(this.all.map(({ address }) => this.admission.firstTry(address)));
    const refused = this.all.find(({ state }) => state === 'refused');
    if (refused) throw refused.reason;
    for (let attempts = 1; this.serving.length === 0; attempts++) {
      last = this.all.find(({ reason }) => reason !== undefined)?.reason ?? last;
      const leftMs = sinceMs + retryTimeMsMax - clock.monotonicMs();
      if (leftMs <= 0) throw this.unavailable(attempts, last);
      this.discovery.soon();
      await this.change.within(leftMs, signal);
    }
  }

  /** A replica for the unit, which counts as in its hand from now on: others that look for one at the same time see it. */
  private async place<T>(unit: PoolUnit<C, T>, trouble: Trouble<C>): Promise<Place<C>> {
    const { clock, times, stickyMs = 0 } = this.options;
    const { retryTimeMsMax = this.options.retryTimeMsMax } = unit;
    const sinceMs = trouble.sinceMs ?? clock.monotonicMs();
    const able = (replicas: readonly Replica<C>[]) => replicas.filter((replica) => !trouble.unable.has(replica));
    for (;;) {
      const nowMs = clock.monotonicMs();
      const choice =
        unit.binding !== undefined && stickyMs > 0
          ? boundReplica(able(this.all), unit.binding, { nowMs, stickyMs })
          : { replica: leastBusy(able(this.serving), trouble.avoid), waitMs: Infinity };
      if (choice.replica) {
        const { replica } = choice;
        const own = { ...unit.size };
        const timeoutMs = times.deadlineMs(own, [...replica.inHand], trouble.misses);
        replica.inHand.add(own);
        replica.turn = ++this.turn;
        return { replica, own, timeoutMs };
      }
      const refused = this.all.find(({ state }) => state === 'refused');
      if (refused && this.all.every(({ state }) => state === 'refused')) throw refused.reason;
      const leftMs = sinceMs + retryTimeMsMax - nowMs;
      const last = trouble.last ?? this.all.find(({ reason }) => reason !== undefined)?.reason;
      if (leftMs <= 0) throw this.unavailable(trouble.attempts, last);
      await this.change.within(Math.min(leftMs, choice.waitMs), unit.signal);
    }
  }

  private async attempt<T>({ replica, own, timeoutMs }: Place<C>, { size, signal, work }: PoolUnit<C, T>): Promise<T> {
    const { clock, times } = this.options;
    const startMs = clock.monotonicMs();
    try {
      const value = await work(replica, { signal: AbortSignal.any([signal, replica.abandoned]), timeoutMs });
      const endMs = clock.monotonicMs();
      // What was ahead of it is not its own time.
      times.record(size, endMs - Math.max(startMs, replica.answeredMs));
      replica.answeredMs = endMs;
      replica.unitCount += 1;
      return value;
    } finally {
      replica.inHand.delete(own);
      this.disconnectIfGone(replica);
    }
  }

  /** Decides what a failure means. Throws when there is nothing to be repeated. */
  private async after<T>(
    thrown: unknown,
    replica: Replica<C>,
    trouble: Trouble<C>,
    unit: PoolUnit<C, T>,
  ): Promise<void> {
    const { clock, service, times, onRetry, inabilityOf } = this.options;
    const { size, signal, retryTimeMsMax = this.options.retryTimeMsMax } = unit;
    if (thrown instanceof ReplicaMismatchError) return this.refuse(replica, thrown);
    const inability = inabilityOf?.(thrown);
    if (inability) {
      trouble.unable.set(replica, inability);
      trouble.last = thrown;
      return await this.passOn(thrown, trouble, unit);
    }
    // What the trainer itself made of an answer is no failure of the service to answer.
    if (!(thrown instanceof RemoteError)) throw thrown;
    if (!mayPass(thrown)) throw new ServiceRefusedError(service, thrown.code, thrown.message, thrown);
    const nowMs = clock.monotonicMs();
    trouble.sinceMs ??= nowMs;
    trouble.last = thrown;
    trouble.avoid = replica;
    if (nowMs - trouble.sinceMs > retryTimeMsMax) throw this.unavailable(trouble.attempts, thrown);
    onRetry(size.kind, (thrown as AppError).code);
    if (isBusy(thrown)) {
      trouble.refusals += 1;
      // There may be room elsewhere; only when nobody has any it is worth waiting.
      if (trouble.refusals < this.serving.length) return;
      trouble.refusals = 0;
      await clock.sleep(Math.max(thrown.retryAfterMs ?? 0, BUSY_DELAY_MS_MIN), signal);
      return;
    }
    if (thrown.status === 'DEADLINE_EXCEEDED') {
      trouble.misses += 1;
      // The deadline may have been too short; only one at its longest says that the unit cannot be done.
      if (trouble.timeoutMs < times.ceilingMs) trouble.sinceMs = undefined;
    }
    this.suspend(replica, thrown);
  }

  /** The unit goes to a replica that was not asked yet; then, while there is time, to all of them again. */
  private async passOn<T>(
    thrown: unknown,
    trouble: Trouble<C>,
    { size, signal, retryTimeMsMax = this.options.retryTimeMsMax }: PoolUnit<C, T>,
  ): Promise<void> {
    const { clock, onRetry } = this.options;
    if (this.serving.some((replica) => !trouble.unable.has(replica))) return;
    if (this.all.every((replica) => trouble.unable.get(replica) === 'ever')) throw thrown;
    const nowMs = clock.monotonicMs();
    trouble.sinceMs ??= nowMs;
    if (nowMs - trouble.sinceMs > retryTimeMsMax) throw thrown;
    onRetry(size.kind, (thrown as AppError).code);
    trouble.unable.clear();
    await this.change.within(BUSY_DELAY_MS_MIN, signal);
  }

  private refuse(replica: Replica<C>, mismatch: ReplicaMismatchError): void {
    this.suspend(replica, mismatch, 'refused');
    if (this.serving.length === 0) throw mismatch;
  }

  private update(endpoints: readonly Endpoint[]): void {
    const known = new Set(endpoints.map(({ address }) => address));
    for (const replica of this.replicas.values()) {
      if (known.has(replica.address)) continue;
      replica.isGone = true;
      this.replicas.delete(replica.address);
      this.disconnectIfGone(replica);
    }
    for (const endpoint of endpoints) {
      if (this.replicas.has(endpoint.address)) continue;
      const { connect, clock } = this.options;
      const onDisconnect = (): void => {
        const replica = this.replicas.get(endpoint.address);
        if (replica) this.suspend(replica, new Error(`the connection to ${endpoint.address} was lost`));
      };
      const replica = new Replica(endpoint, connect(endpoint, onDisconnect), clock.monotonicMs());
      this.replicas.set(endpoint.address, replica);
      void this.admission.of(replica);
    }
    this.change.tell();
  }

  private disconnectIfGone(replica: Replica<C>): void {
    if (replica.isGone && replica.inHand.size === 0) this.options.disconnect(replica.connection);
  }

  private unavailable(attempts: number, last: unknown): ServiceUnavailableError {
    const { service, sources } = this.options;
    const where = sources.map((source) => (source.kind === 'name' ? source.name : source.address)).join();
    assert(where !== '', 'a service has an address');
    return new ServiceUnavailableError(service, where, attempts, last);
  }
}

/** @file Which replica gets a unit. */
import { digestOf } from '#core';
import type { Replica } from './replica.js';

/** The replica with the fewest units in hand; among equals the one that has waited longest. */
export function leastBusy<C>(serving: readonly Replica<C>[], avoid: Replica<C> | undefined): Replica<C> | undefined {
  const others = serving.filter((replica) => replica !== avoid);
  const candidates = others.length > 0 ? others : serving;
  return candidates.reduce<Replica<C> | undefined>((best, replica) => {
    if (!best) return replica;
    const difference = replica.inHand.size - best.inHand.size || replica.turn - best.turn;
    return difference < 0 ? replica : best;
  }, undefined);
}

export interface BoundChoice<C> {
  /** Undefined: wait for the one that is away. */
  readonly replica: Replica<C> | undefined;
  /** When to look again, at the latest. */
  readonly waitMs: number;
}

/**
 * The replica that a request is bound to: the first in an order that its id alone decides (rendezvous hashing, Thaler and
 * Ravishankar 1998), so that another process, or this one after a crash, finds the replica that remembers the request. One
 * that is away is waited for; then the next in the order counts.
 */
export function boundReplica<C>(
  replicas: readonly Replica<C>[],
  binding: string,
  { nowMs, stickyMs }: { readonly nowMs: number; readonly stickyMs: number },
): BoundChoice<C> {
  const fitting = replicas.filter(({ state }) => state !== 'refused');
  const ranked = fitting
    .map((replica) => ({ replica, rank: digestOf(`${binding} ${replica.address}`) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  for (const { replica } of ranked) {
    if (replica.state === 'serving') return { replica, waitMs: 0 };
    const waitMs = replica.awaySinceMs + stickyMs - nowMs;
    if (waitMs > 0) return { replica: undefined, waitMs };
  }
  return { replica: undefined, waitMs: Infinity };
}

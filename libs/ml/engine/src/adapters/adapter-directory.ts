/**
 * @file Which adapters are in memory: least recently used ones leave when new ones need their place.
 *
 * This is bookkeeping only; the tensors live in the engine's thread. A unit keeps the adapters it was given until it
 * ends, whatever the directory says meanwhile.
 */
import { LruMap, type Digest } from '#core';
import { AdapterNotResidentError, AdapterTooLargeError } from '../engine.errors.js';
import type { PolicyRef, ResidentAdapter } from '../policy-engine.js';

export class AdapterDirectory {
  private readonly entries: LruMap<Digest, ResidentAdapter>;

  constructor(private readonly bytesMax: number) {
    this.entries = new LruMap(bytesMax, (_digest, { residentBytes }) => residentBytes);
  }

  /** Most recently used first. */
  list(): ResidentAdapter[] {
    return [...this.entries.values()].reverse();
  }

  /** The entry, now the most recently used, or undefined. */
  use(digest: Digest): ResidentAdapter | undefined {
    return this.entries.get(digest);
  }

  /** Marks what a unit needs as used. @throws AdapterNotResidentError */
  require(policies: readonly PolicyRef[]): void {
    for (const digest of policies) {
      if (digest !== null && !this.use(digest)) throw new AdapterNotResidentError(digest);
    }
  }

  /** Enters an adapter and returns the digests of those that must leave. @throws AdapterTooLargeError */
  add(entry: ResidentAdapter): Digest[] {
    if (entry.residentBytes > this.bytesMax) {
      throw new AdapterTooLargeError(entry.digest, entry.residentBytes, this.bytesMax);
    }
    return this.entries.set(entry.digest, entry).map(([evicted]) => evicted);
  }

  /** False when it was not there. */
  remove(digest: Digest): boolean {
    return this.entries.delete(digest);
  }
}

/**
 * @file Which adapters are in memory: least recently used ones leave when new ones need their place.
 *
 * This is bookkeeping only; the tensors live in the engine's thread. A unit keeps the adapters it was given until it
 * ends, whatever the directory says meanwhile.
 */
import type { Digest } from '#core';
import { AdapterNotResidentError, AdapterTooLargeError } from '../engine.errors.js';
import type { PolicyRef, ResidentAdapter } from '../policy-engine.js';

export class AdapterDirectory {
  /** Least recently used first: a map iterates in order of insertion. */
  private readonly entries = new Map<Digest, ResidentAdapter>();

  constructor(private readonly bytesMax: number) {}

  /** Most recently used first. */
  list(): ResidentAdapter[] {
    return [...this.entries.values()].reverse();
  }

  /** The entry, now the most recently used, or undefined. */
  use(digest: Digest): ResidentAdapter | undefined {
    const entry = this.entries.get(digest);
    if (!entry) return undefined;
    this.entries.delete(digest);
    this.entries.set(digest, entry);
    return entry;
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
    const evicted: Digest[] = [];
    for (const digest of this.entries.keys()) {
      if (this.bytes() + entry.residentBytes <= this.bytesMax) break;
      this.entries.delete(digest);
      evicted.push(digest);
    }
    this.entries.set(entry.digest, entry);
    return evicted;
  }

  /** False when it was not there. */
  remove(digest: Digest): boolean {
    return this.entries.delete(digest);
  }

  private bytes(): number {
    let sum = 0;
    for (const { residentBytes } of this.entries.values()) sum += residentBytes;
    return sum;
  }
}

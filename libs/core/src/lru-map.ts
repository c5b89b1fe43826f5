/** @file A map that holds so much and no more: what was used least recently makes room. */
export class LruMap<Key, Value extends NonNullable<unknown>> {
  /** Least recently used first: a map iterates in order of insertion. */
  private readonly entries = new Map<Key, Value>();
  private weight = 0;

  /**
   * @param weightMax of all entries together
   * @param weightOf an entry, the same for as long as it is held. @default 1: the bound is a number of entries
   */
  constructor(
    private readonly weightMax: number,
    private readonly weightOf: (key: Key, value: Value) => number = () => 1,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** Least recently used first; uses none. */
  values(): Iterable<Value> {
    return this.entries.values();
  }

  /** The value, now the most recently used. */
  get(key: Key): Value | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  /**
   * Enters a value as the most recently used, in place of the key's own, and gives the entries that had to leave for it,
   * in that order. A value heavier than the bound leaves too, after all others.
   */
  set(key: Key, value: Value): [Key, Value][] {
    this.delete(key);
    this.entries.set(key, value);
    this.weight += this.weightOf(key, value);
    const evicted: [Key, Value][] = [];
    for (const entry of this.entries) {
      if (this.weight <= this.weightMax) break;
      this.delete(entry[0]);
      evicted.push(entry);
    }
    return evicted;
  }

  /** False when it was not there. */
  delete(key: Key): boolean {
    const value = this.entries.get(key);
    if (value === undefined) return false;
    this.weight -= this.weightOf(key, value);
    return this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
    this.weight = 0;
  }
}

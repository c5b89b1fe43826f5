/** @file How much was begun within the last minute: a limit per minute then holds for any minute, not only on average. */

const MINUTE_MS = 60_000;

/** Something begun; its amount may be corrected when it is known. */
export interface WindowEntry {
  readonly atMs: number;
  amount: number;
}

export class MinuteWindow {
  /** Oldest first; as long as the limit at most, where amounts are whole. */
  private readonly entries: WindowEntry[] = [];

  constructor(private readonly amountMax: number) {}

  /** Milliseconds until `amount` fits; 0 where it does now. What alone exceeds the limit fits into an empty minute. */
  waitMs(amount: number, nowMs: number): number {
    while (this.entries[0] && this.entries[0].atMs <= nowMs - MINUTE_MS) this.entries.shift();
    let excess = this.entries.reduce((sum, entry) => sum + entry.amount, 0) + Math.min(amount, this.amountMax);
    for (const entry of this.entries) {
      if (excess <= this.amountMax) return 0;
      excess -= entry.amount;
      if (excess <= this.amountMax) return entry.atMs + MINUTE_MS - nowMs;
    }
    return 0;
  }

  add(amount: number, nowMs: number): WindowEntry {
    const entry = { atMs: nowMs, amount };
    if (this.amountMax !== Infinity) this.entries.push(entry);
    return entry;
  }
}

/** @file A wall clock that stands still until it is moved. For specs. */
export class HeldClock {
  constructor(private ms = 1_000_000) {}

  nowMs(): number {
    return this.ms;
  }

  advance(byMs: number): void {
    this.ms += byMs;
  }
}

/**
 * @file How long units take, as seen from here, and from that how long to wait for one before its replica counts as hung.
 *
 *   deadline = clamp(8 · (q(own) + Σ q(ahead)), floor, ceiling) · 2^(times it ran out before), at most the ceiling
 *
 * q is the 0.9 quantile of the last 64 units of the same kind and size; of sizes that were not seen yet, the largest one
 * that the sizes seen give in proportion. `ahead` are the units that the replica still has in hand. The factor lets a unit
 * take eight times what nearly all take; the floor is for what no history tells: a graph that is compiled, a busy machine.
 * A kind that was never seen gets the ceiling; that its replica hangs is then told by unanswered pings alone.
 */
export interface UnitSize {
  /** Units of one kind take times in proportion to their sizes. */
  readonly kind: string;
  /** Sequences, samples or responses. At least 1. */
  readonly size: number;
}

export interface UnitTimesOptions {
  /** Shortest deadline, in milliseconds. */
  readonly floorMs: number;
  /** Longest deadline, in milliseconds. */
  readonly ceilingMs: number;
}

const KEPT = 64;
const QUANTILE = 0.9;
const FACTOR = 8;

export class UnitTimes {
  /** Kind → size → the last times, oldest first. */
  private readonly seen = new Map<string, Map<number, number[]>>();

  constructor(private readonly options: UnitTimesOptions) {}

  get ceilingMs(): number {
    return this.options.ceilingMs;
  }

  /** @param elapsedMs since the replica could begin with it */
  record({ kind, size }: UnitSize, elapsedMs: number): void {
    const sizes = this.seen.get(kind) ?? new Map<number, number[]>();
    const times = sizes.get(size) ?? [];
    times.push(elapsedMs);
    if (times.length > KEPT) times.shift();
    this.seen.set(kind, sizes.set(size, times));
  }

  /** The time that nearly every such unit takes at most; undefined while none has been seen. */
  expectedMs({ kind, size }: UnitSize): number | undefined {
    const sizes = this.seen.get(kind);
    if (!sizes) return undefined;
    const own = sizes.get(size);
    if (own) return quantile(own);
    return Math.max(...[...sizes].map(([other, times]) => quantile(times) * Math.max(1, size / other)));
  }

  /** How long to wait for a unit behind others, when such a wait has run out `misses` times before. */
  deadlineMs(unit: UnitSize, ahead: readonly UnitSize[], misses: number): number {
    const { floorMs, ceilingMs } = this.options;
    let sumMs = 0;
    for (const one of [unit, ...ahead]) sumMs += this.expectedMs(one) ?? Infinity;
    return Math.min(Math.max(FACTOR * sumMs, floorMs) * 2 ** misses, ceilingMs);
  }
}

function quantile(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(QUANTILE * sorted.length), sorted.length - 1)]!;
}

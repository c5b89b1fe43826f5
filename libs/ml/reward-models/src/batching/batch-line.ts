/**
 * @file Inputs that are tokens now and wait for the model, by the length they are computed at: those of one length make a
 * batch. Whoever waits longest is in the next one.
 */
import type { Encoded } from './work.js';

export interface BatchLineOptions {
  /** Most tokens of a batch, padding included. */
  readonly tokensMax: number;
  readonly waitMs: number;
  /** Most inputs of a batch. @default as many as the tokens allow */
  readonly rowsMax?: number;
  /** False keeps calls apart. */
  readonly acrossCalls: boolean;
}

/** What is to be done now. */
export type Due =
  | { readonly kind: 'batch'; readonly batch: readonly Encoded[] }
  /** Others may come and fill the batch; it is computed after this time whatever comes. */
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'nothing' };

/** Batches' worth of tokens at which nothing more is made into tokens though none of them is full. */
const BACKLOG_BATCHES = 4;

export class BatchLine {
  /** Oldest first; those that must be alone under a key of their own. */
  private readonly lines = new Map<string, Encoded[]>();
  private waitingTokens = 0;
  private waitingCount = 0;

  constructor(private readonly options: BatchLineOptions) {}

  /** True when the model has enough to do: a full batch, or so many tokens that one will not come soon. */
  get isSaturated(): boolean {
    return this.waitingTokens >= BACKLOG_BATCHES * this.options.tokensMax || this.hasFull();
  }

  add(one: Encoded): void {
    const key = this.keyOf(one);
    const line = this.lines.get(key);
    if (line) line.push(one);
    else this.lines.set(key, [one]);
    this.waitingCount += 1;
    this.waitingTokens += one.paddedLength;
  }

  drop(callId: number): void {
    for (const [key, line] of this.lines) {
      const kept = line.filter((one) => one.callId !== callId);
      this.replace(key, line, kept);
    }
  }

  /** The next batch, which leaves the line, or for how long it may be waited for. */
  due(nowMs: number): Due {
    const lines = [...this.lines].map(([key, line]) => ({ key, line, readyMs: line[0]?.readyMs ?? nowMs }));
    const [first, ...others] = lines.sort((a, b) => a.readyMs - b.readyMs);
    if (!first) return { kind: 'nothing' };
    const waitMs = first.readyMs + this.options.waitMs - nowMs;
    const isAlone = this.waitingCount === 1;
    if (waitMs <= 0 || isAlone || this.isFull(first.line)) return this.batchOf(first.key, first.line);
    const full = others.find(({ line }) => this.isFull(line));
    return full ? this.batchOf(full.key, full.line) : { kind: 'wait', waitMs };
  }

  private hasFull(): boolean {
    for (const line of this.lines.values()) if (this.isFull(line)) return true;
    return false;
  }

  private batchOf(key: string, line: Encoded[]): Due {
    const batch = line.slice(0, this.rowsMax(line));
    this.replace(key, line, line.slice(batch.length));
    return { kind: 'batch', batch };
  }

  private isFull(line: readonly Encoded[]): boolean {
    return !this.options.acrossCalls || line[0]?.alone === true || line.length >= this.rowsMax(line);
  }

  private rowsMax([first]: readonly Encoded[]): number {
    const { tokensMax, rowsMax = Infinity } = this.options;
    return Math.max(1, Math.min(rowsMax, Math.floor(tokensMax / (first?.paddedLength ?? 1))));
  }

  private keyOf({ callId, index, paddedLength, alone }: Encoded): string {
    if (alone) return `alone ${callId} ${index}`;
    return this.options.acrossCalls ? String(paddedLength) : `${callId} ${paddedLength}`;
  }

  private replace(key: string, before: readonly Encoded[], after: Encoded[]): void {
    if (after.length === before.length) return;
    if (after.length > 0) this.lines.set(key, after);
    else this.lines.delete(key);
    this.waitingCount -= before.length - after.length;
    for (const one of before) this.waitingTokens -= one.paddedLength;
    for (const one of after) this.waitingTokens += one.paddedLength;
  }
}

/** @file The latest items of live traffic that a staged model has scored too, within bounds of number and text. */
import type { ComparedItem } from './swap-report.js';

export interface ShadowRingOptions {
  /** @default 1024 */
  readonly itemsMax?: number;
  /** Characters of prompts and responses altogether; the newest item is always kept. @default 16 Mi */
  readonly charsMax?: number;
}

const ITEMS_MAX = 1024;
const CHARS_MAX = 2 ** 24;

export class ShadowRing {
  /** Oldest first. */
  private readonly kept: ComparedItem[] = [];
  private charCount = 0;
  private readonly itemsMax: number;
  private readonly charsMax: number;

  constructor({ itemsMax = ITEMS_MAX, charsMax = CHARS_MAX }: ShadowRingOptions = {}) {
    this.itemsMax = itemsMax;
    this.charsMax = charsMax;
  }

  get items(): readonly ComparedItem[] {
    return this.kept;
  }

  get responseCount(): number {
    return this.kept.reduce((sum, { responses }) => sum + responses.length, 0);
  }

  add(item: ComparedItem): void {
    this.kept.push(item);
    this.charCount += charsOf(item);
    while (this.kept.length > 1 && (this.kept.length > this.itemsMax || this.charCount > this.charsMax)) {
      this.charCount -= charsOf(this.kept.shift()!);
    }
  }

  clear(): void {
    this.kept.length = 0;
    this.charCount = 0;
  }
}

const charsOf = ({ prompt, responses }: ComparedItem): number =>
  responses.reduce((sum, { text }) => sum + text.length, prompt.text.length);

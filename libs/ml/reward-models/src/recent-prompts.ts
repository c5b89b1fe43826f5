/**
 * @file Tokens of the prompts that came last. The responses of one prompt come one after the other, and from many callers at
 * once; a long prompt is made into tokens for the first of them.
 */
import { LruMap } from '#core';

export class RecentPrompts {
  /** By text. */
  private readonly known: LruMap<string, readonly number[]>;

  /** @param charactersMax of all texts that are kept, about eight bytes of memory each with their tokens */
  constructor(
    private readonly encode: (text: string) => readonly number[],
    charactersMax = 1 << 18,
  ) {
    this.known = new LruMap(charactersMax, (text) => text.length);
  }

  /** @throws whatever encoding throws; nothing is kept then */
  tokensOf(text: string): readonly number[] {
    const known = this.known.get(text);
    if (known) return known;
    const tokens = this.encode(text);
    this.known.set(text, tokens);
    return tokens;
  }
}

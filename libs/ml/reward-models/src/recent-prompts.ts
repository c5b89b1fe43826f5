/**
 * @file Tokens of the prompts that came last. The responses of one prompt come one after the other, and from many callers at
 * once; a long prompt is made into tokens for the first of them.
 */
export class RecentPrompts {
  /** By text; whoever was used last is last. */
  private readonly known = new Map<string, readonly number[]>();
  private characters = 0;

  /** @param charactersMax of all texts that are kept, about eight bytes of memory each with their tokens */
  constructor(
    private readonly encode: (text: string) => readonly number[],
    private readonly charactersMax = 1 << 18,
  ) {}

  /** @throws whatever encoding throws; nothing is kept then */
  tokensOf(text: string): readonly number[] {
    const tokens = this.known.get(text) ?? this.encode(text);
    if (!this.known.delete(text)) this.characters += text.length;
    this.known.set(text, tokens);
    for (const [oldest] of this.known) {
      if (this.characters <= this.charactersMax) break;
      this.known.delete(oldest);
      this.characters -= oldest.length;
    }
    return tokens;
  }
}

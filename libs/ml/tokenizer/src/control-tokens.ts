/**
 * @file Keeps control tokens out of the text that people and models write.
 *
 * A tokenizer turns the text `<|im_end|>` into the control token, wherever it stands. In a template's own text that is
 * meant; in a message or a response it would let data forge turns. Such occurrences are encoded as the plain characters
 * they are.
 */
import type { AddedTokenEntry } from './tokenizer-files.js';

/** Placeholders come from plane 15, private use: no text of the world needs them. */
const PLACEHOLDER_FIRST = 0xf0000;
const PLACEHOLDER_LAST = 0xffffd;

export class ControlTokens {
  private readonly pattern: RegExp | undefined;
  readonly ids: ReadonlySet<number>;

  constructor(addedTokens: readonly AddedTokenEntry[]) {
    const special = addedTokens.filter(({ special }) => special);
    this.ids = new Set(special.map(({ id }) => id));
    // The longest first, as alternation takes the first that fits.
    const contents = special.map(({ content }) => content).sort((a, b) => b.length - a.length);
    const escaped = contents.map((content) => content.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`));
    this.pattern = escaped.length > 0 ? new RegExp(escaped.join('|'), 'gu') : undefined;
  }

  /** True when encoding the text would give a control token. */
  occurIn(text: string): boolean {
    return this.pattern !== undefined && text.search(this.pattern) >= 0;
  }

  /** The text cut at its control tokens, which are parts of their own. */
  split(text: string): { readonly text: string; readonly isControl: boolean }[] {
    const parts: { text: string; isControl: boolean }[] = [];
    let end = 0;
    for (const match of this.pattern ? text.matchAll(this.pattern) : []) {
      if (match.index > end) parts.push({ text: text.slice(end, match.index), isControl: false });
      parts.push({ text: match[0], isControl: true });
      end = match.index + match[0].length;
    }
    if (end < text.length) parts.push({ text: text.slice(end), isControl: false });
    return parts;
  }

  /** A mask for these texts: hides control tokens behind characters that none of them contains. */
  maskFor(texts: readonly string[]): ControlMask {
    const used = new Set(texts.flatMap((text) => Array.from(text)));
    return new ControlMask(this.pattern, used);
  }
}

/** Replaces control tokens by single placeholder characters, and back. */
export class ControlMask {
  private readonly originals = new Map<string, string>();
  private next = PLACEHOLDER_FIRST;

  constructor(
    private readonly pattern: RegExp | undefined,
    private readonly used: ReadonlySet<string>,
  ) {}

  hide(text: string): string {
    return this.pattern ? text.replace(this.pattern, (token) => this.placeholderOf(token)) : text;
  }

  /** The text with the originals back. */
  reveal(text: string): string {
    return Array.from(text, (character) => this.originals.get(character) ?? character).join('');
  }

  private placeholderOf(token: string): string {
    for (const [placeholder, original] of this.originals) {
      if (original === token) return placeholder;
    }
    let placeholder: string;
    do placeholder = String.fromCodePoint(this.next++);
    while (this.used.has(placeholder) && this.next <= PLACEHOLDER_LAST);
    this.originals.set(placeholder, token);
    return placeholder;
  }
}

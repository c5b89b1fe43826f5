/**
 * @file SentencePiece's BPE as tokenizer.json has it. The vocabulary gives each piece a score and joins the neighbours
 * whose piece has the best one; tokenizer.json wants the same as an ordered list of merges.
 *
 * Source: transformers' `generate_merges` (convert_slow_tokenizer.py) and its converter for Llama's tokenizer.
 */

/** U+2581, in place of a blank. */
const BLANK = '\u2581';

export interface Pieces {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** By id. */
  readonly scores: ArrayLike<number>;
  /** Pieces that may be joined to, in order of id. */
  readonly joinable: readonly string[];
}

/** All ways to join two pieces into a third, the best score first. */
export function mergesByScore({ vocabulary, scores, joinable }: Pieces): (readonly [string, string])[] {
  const merges: { readonly left: string; readonly right: string; readonly score: number }[] = [];
  for (const piece of joinable) {
    const characters = Array.from(piece);
    const score = scores[vocabulary.get(piece) ?? -1] ?? 0;
    const ways: { readonly left: string; readonly right: string; readonly score: number }[] = [];
    let left = '';
    for (const character of characters.slice(0, -1)) {
      left += character;
      const right = piece.slice(left.length);
      if (vocabulary.has(left) && vocabulary.has(right)) ways.push({ left, right, score });
    }
    const idOf = (text: string) => vocabulary.get(text) ?? 0;
    merges.push(...ways.sort((a, b) => idOf(a.left) - idOf(b.left) || idOf(a.right) - idOf(b.right)));
  }
  return merges
    .sort((a, b) => b.score - a.score || b.left.length - a.left.length || b.right.length - a.right.length)
    .map(({ left, right }) => [left, right]);
}

/** The parts of tokenizer.json around the model; `addsPrefix`: text begins as if after a blank. */
export function sentencePieceParts(addsPrefix: boolean): { readonly normalizer: object; readonly decoder: object } {
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: BLANK };
  const decoders = [
    { type: 'Replace', pattern: { String: BLANK }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
    ...(addsPrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
  ];
  return {
    normalizer: addsPrefix
      ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: BLANK }, replace] }
      : replace,
    decoder: { type: 'Sequence', decoders },
  };
}

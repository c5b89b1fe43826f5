/**
 * @file Trains the demo's byte-level BPE tokenizer (Sennrich et al. 2016, arXiv 1508.07909; bytes as in GPT-2).
 *
 * The pair that occurs most often is merged, ties going to the pair that sorts first, until the vocabulary is full.
 */

/** GPT-2's pre-tokeniser: contractions, letters, digits and the rest, each with at most one leading blank. */
const WORD_PATTERN = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

export interface BpeModel {
  /** Token → id: the 256 bytes first, then the merged tokens in the order they were learned. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Merges in the order they were learned. */
  readonly merges: readonly (readonly [string, string])[];
}

/** GPT-2's printable stand-ins for the 256 byte values. */
export function byteAlphabet(): string[] {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let shifted = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : shifted++));
}

interface Word {
  symbols: string[];
  readonly count: number;
}

export function trainBpe(texts: Iterable<string>, vocabularySize: number): BpeModel {
  const alphabet = byteAlphabet();
  const words = countWords(texts, alphabet);
  const vocabulary = new Map(alphabet.toSorted().map((symbol, id) => [symbol, id]));
  const merges: [string, string][] = [];
  const pairCounts = new Map<string, number>();
  for (const word of words) addPairs(pairCounts, word, word.count);

  while (vocabulary.size < vocabularySize) {
    const best = mostFrequent(pairCounts);
    if (best === undefined) break;
    const [left, right] = best.split(' ') as [string, string];
    for (const word of words) {
      if (!hasPair(word.symbols, left, right)) continue;
      addPairs(pairCounts, word, -word.count);
      word.symbols = merged(word.symbols, left, right);
      addPairs(pairCounts, word, word.count);
    }
    merges.push([left, right]);
    vocabulary.set(left + right, vocabulary.size);
  }
  return { vocabulary, merges };
}

function countWords(texts: Iterable<string>, alphabet: readonly string[]): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of text.matchAll(WORD_PATTERN)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => ({
    symbols: Array.from(Buffer.from(word, 'utf8'), (byte) => alphabet[byte] as string),
    count,
  }));
}

/** Blanks never occur inside symbols (the byte 32 has a stand-in), so a pair is its two symbols with a blank between. */
function addPairs(counts: Map<string, number>, { symbols }: Word, count: number): void {
  for (let i = 0; i + 1 < symbols.length; i++) {
    const pair = `${symbols[i]} ${symbols[i + 1]}`;
    const total = (counts.get(pair) ?? 0) + count;
    if (total > 0) counts.set(pair, total);
    else counts.delete(pair);
  }
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  let bestCount = 1;
  for (const [pair, count] of counts) {
    if (count > bestCount || (count === bestCount && best !== undefined && pair < best)) {
      best = pair;
      bestCount = count;
    }
  }
  return best;
}

function hasPair(symbols: readonly string[], left: string, right: string): boolean {
  for (let i = 0; i + 1 < symbols.length; i++) if (symbols[i] === left && symbols[i + 1] === right) return true;
  return false;
}

function merged(symbols: readonly string[], left: string, right: string): string[] {
  const result: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      result.push(left + right);
      i++;
    } else {
      result.push(symbols[i] as string);
    }
  }
  return result;
}

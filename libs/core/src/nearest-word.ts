/**
 * @file What somebody probably meant who wrote a word that does not exist.
 *
 * Commander says it for options by itself, but keeps its function inside the package; the rule here is the same, so that a
 * key, a command and an option are guessed alike.
 */

/** Most edits from the word written to the word meant. */
const EDITS_MAX = 3;
/** Least share of the longer word that no edit touches: two short words are otherwise never far apart. */
const SIMILARITY_MIN = 0.4;

/** The nearest of the words, the first of several that are equally near; undefined where none is near. */
export function nearestWord(written: string, words: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let editsLeast = EDITS_MAX + 1;
  for (const word of words) {
    const edits = editDistance(written, word);
    const lengthMax = Math.max(written.length, word.length);
    if (edits < editsLeast && (lengthMax - edits) / lengthMax > SIMILARITY_MIN) {
      nearest = word;
      editsLeast = edits;
    }
  }
  return nearest;
}

/** The nearest word as a message ends with it; empty where none is near. */
export function didYouMean(written: string, words: readonly string[]): string {
  const nearest = nearestWord(written, words);
  return nearest === undefined ? '' : ` (did you mean \`${nearest}\`?)`;
}

/**
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, none of them inside another. Only
 * exact up to `EDITS_MAX`; words whose lengths alone differ by more are told apart at once, however long they are.
 */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > EDITS_MAX) return Math.max(a.length, b.length);
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const edits = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      edits[column] = Math.min(
        above[column]! + 1,
        edits[column - 1]! + 1,
        above[column - 1]! + (same ? 0 : 1),
        swapped ? twoAbove[column - 2]! + 1 : Infinity,
      );
    }
    [twoAbove, above] = [above, edits];
  }
  return above[b.length]!;
}

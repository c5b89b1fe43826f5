/**
 * @file Finds a key that stands twice in one object. `JSON.parse` keeps the last of them without a word, so what it kept
 * may not be what the author meant.
 *
 * Scanned by hand: a regular expression for strings exhausts its stack on a line of some megabytes.
 */

/** The first duplicate key of a JSON text that `JSON.parse` accepted, or undefined. */
export function duplicateKey(json: string): string | undefined {
  /** Keys of the objects that enclose the position; undefined for arrays. */
  const open: (Set<string> | undefined)[] = [];
  /** The string just passed, if nothing but blanks came since. */
  let string: string | undefined;
  for (let at = 0; at < json.length; at++) {
    switch (json.charAt(at)) {
      case '"': {
        const end = stringEnd(json, at);
        string = json.slice(at, end + 1);
        at = end;
        break;
      }
      case '{':
        open.push(new Set());
        break;
      case '[':
        open.push(undefined);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ':': {
        const key = JSON.parse(string ?? '""') as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
        break;
      }
      default:
    }
  }
  return undefined;
}

/** Position of the quote that ends the string which begins at `start`. */
function stringEnd(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

/** A quote after an odd number of backslashes is part of the string. */
function isEscaped(json: string, quote: number): boolean {
  let before = quote;
  while (json[before - 1] === '\\') before--;
  return (quote - before) % 2 === 1;
}

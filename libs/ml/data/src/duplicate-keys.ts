/**
 * @file Finds a key that stands twice in one object. `JSON.parse` keeps the last of them without a word, so what it kept
 * may not be what the author meant.
 */

/** One token of JSON that matters here: a string, or a character of structure. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** The first duplicate key of a JSON text that `JSON.parse` accepted, or undefined. */
export function duplicateKey(json: string): string | undefined {
  /** Keys of the objects that enclose the position; undefined for arrays. */
  const open: (Set<string> | undefined)[] = [];
  let previous = '';
  let lastString = '';
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && previous === '"') {
      const key = JSON.parse(lastString) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    if (token.startsWith('"')) lastString = token;
    previous = token.charAt(0);
  }
  return undefined;
}

/**
 * @file JSON from outside. `JSON.parse` accepts any depth, at some hundred nanoseconds a level, and whoever then copies,
 * prints or walks the value by recursion runs out of stack; no file that we read nests as deep as the bound here.
 */

const DEPTH_MAX = 100;

/** As `JSON.parse`. @throws SyntaxError for what is no JSON, and for what is nested deeper than 100 */
export function parseForeignJson(text: string): unknown {
  if (isDeeperThan(text, DEPTH_MAX)) throw new SyntaxError(`nested deeper than ${DEPTH_MAX}`);
  return JSON.parse(text) as unknown;
}

const QUOTE = 34;
const BACKSLASH = 92;
/** `[` and `{` differ in one bit, and so do `]` and `}`. */
const CASE_BIT = 32;
const OPEN = 91 | CASE_BIT;
const CLOSE = 93 | CASE_BIT;

/** Of a text that may be no JSON: then it says nothing, or what would hold of its beginning. */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at++; at < text.length && text.charCodeAt(at) !== QUOTE; at++) {
        if (text.charCodeAt(at) === BACKSLASH) at++;
      }
    } else if ((code | CASE_BIT) === OPEN) {
      if (++depth > limit) return true;
    } else if ((code | CASE_BIT) === CLOSE) {
      depth--;
    }
  }
  return false;
}

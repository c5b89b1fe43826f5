/**
 * @file JSON as servers in Python write it: their encoder puts NaN and Infinity where JSON has no word. Such a number is
 * no score, but its neighbours in the same reply are. A number too large to hold is read as infinite, which is how an
 * infinity can be written.
 */
import { parseForeignJson } from '#core';

/** Strings are passed over; a number that is none ends where a name would. */
const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** As `parseForeignJson`; with `null` where NaN stands, and infinities where such stand. @throws SyntaxError */
export function parseReplyJson(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch (thrown) {
    if (!/NaN|Infinity/.test(text)) throw thrown;
    return parseForeignJson(text.replace(STRING_OR_NON_FINITE, inJson));
  }
}

function inJson(part: string): string {
  if (part.startsWith('"')) return part;
  return part.endsWith('NaN') ? 'null' : part.replace('Infinity', '1e999');
}

/**
 * @file JSON as servers in Python write it: their encoder puts NaN and Infinity where JSON has no word. Such a number is
 * no score, but its neighbours in the same reply are.
 */
import { parseForeignJson } from '#core';

/** Strings are passed over; a number that is none ends where a name would. */
const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** As `parseForeignJson`, with `null` where NaN or an infinity stands. @throws SyntaxError */
export function parseReplyJson(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch (thrown) {
    if (!/NaN|Infinity/.test(text)) throw thrown;
    return parseForeignJson(text.replace(STRING_OR_NON_FINITE, (part) => (part.startsWith('"') ? part : 'null')));
  }
}

/**
 * @file What Python makes of values: their text, their equality, the blanks at the ends of a text. Chat templates are
 * written for it, and the library's JavaScript differs where both have a word of the same name.
 *
 * Source: https://docs.python.org/3/library/stdtypes.html (str.strip, str.isspace, comparisons).
 */
import type { RuntimeValue } from './jinja-library.js';

/** `str.isspace`: U+001C to U+001F and U+0085 belong to it, a byte-order mark does not; `trim` has it the other way. */
const BLANKS = new Set(
  '\t\n\v\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000',
);
const NUMBERS = new Set(['IntegerValue', 'FloatValue', 'BooleanValue']);

export type Ends = 'both' | 'left' | 'right';

/** `str.strip`, `str.lstrip`, `str.rstrip`: without `characters`, or with none, blanks go. */
export function stripped(text: string, ends: Ends, characters?: unknown): string {
  if (characters !== undefined && characters !== null && typeof characters !== 'string') {
    throw new TypeError('what is stripped must be a text of characters');
  }
  const unwanted = typeof characters === 'string' ? new Set(characters) : BLANKS;
  let [start, end] = [0, text.length];
  while (ends !== 'right' && start < end) {
    const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
    if (!unwanted.has(character)) break;
    start += character.length;
  }
  while (ends !== 'left' && end > start) {
    const character = lastCharacter(text, end);
    if (!unwanted.has(character)) break;
    end -= character.length;
  }
  return text.slice(start, end);
}

/** The character that ends before a place. */
function lastCharacter(text: string, end: number): string {
  const pair = text.slice(Math.max(0, end - 2), end);
  return pair.codePointAt(0)! > 0xff_ff ? pair : text.slice(end - 1, end);
}

/** `str.capitalize`: the first character large, the others small. */
export function capitalized(text: string): string {
  const first = text === '' ? '' : String.fromCodePoint(text.codePointAt(0) ?? 0);
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

/** `len(text)`: characters, not halves of them. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** `str(value)`. Lists and mappings are refused: Python spells them like its own source, which no model is to see. */
export function textOf(value: RuntimeValue): string {
  switch (value.type) {
    case 'StringValue':
    case 'IntegerValue':
    case 'FloatValue':
      return String(value);
    case 'BooleanValue':
      return value.value === true ? 'True' : 'False';
    case 'NullValue':
      return 'None';
    case 'UndefinedValue':
      return '';
    default:
      throw new TypeError('a list, a mapping or a function is written as text, which is not supported: use tojson');
  }
}

/** `a == b`; `spend` is told of every comparison. */
export function areEqual(a: RuntimeValue, b: RuntimeValue, spend: (steps: number) => void): boolean {
  spend(1);
  if (NUMBERS.has(a.type) && NUMBERS.has(b.type)) return Number(a.value) === Number(b.value);
  if (a.type !== b.type) return false;
  const [left, right] = [a.value, b.value];
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left.every((member: RuntimeValue, index) => areEqual(member, right[index] as RuntimeValue, spend))
    );
  }
  if (left instanceof Map && right instanceof Map) {
    const [ours, theirs] = [left as Map<string, RuntimeValue>, right as Map<string, RuntimeValue>];
    return (
      ours.size === theirs.size &&
      [...ours].every(([key, member]) => {
        const other = theirs.get(key);
        return other !== undefined && areEqual(member, other, spend);
      })
    );
  }
  return left === right;
}

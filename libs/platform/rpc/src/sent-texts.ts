/**
 * @file Texts of a request before it is sent. Strings on the wire are UTF-8, which has no lone surrogates, and protobufjs
 * sends U+FFFD in their place without a word: another text would be scored, trained on and paid for.
 */
import type { FieldProblem } from '#core';
import { SentTextMalformedError } from './rpc.errors.js';

/** More say no more than these. */
const PROBLEMS_MAX = 16;

/** @throws SentTextMalformedError naming the fields whose text is not well-formed */
export function checkTexts(request: object): void {
  const problems: FieldProblem[] = [];
  findMalformed(request, '', problems);
  if (problems.length > 0) throw new SentTextMalformedError(problems);
}

/** Names are spelled as in the .proto files: `items[3].prompt.text`. */
function findMalformed(value: unknown, field: string, problems: FieldProblem[]): void {
  if (problems.length >= PROBLEMS_MAX) return;
  if (typeof value === 'string') {
    if (!value.isWellFormed()) problems.push({ field, description: descriptionOf(value) });
  } else if (Array.isArray(value)) {
    // Token ids, log-probabilities: lists are of one kind, and these are the long ones.
    if (typeof value[0] === 'number') return;
    for (const [index, part] of value.entries()) findMalformed(part, `${field}[${index}]`, problems);
  } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    const prefix = field === '' ? '' : `${field}.`;
    for (const [key, part] of Object.entries(value)) findMalformed(part, prefix + snakeCase(key), problems);
  }
}

function descriptionOf(text: string): string {
  const index = text.search(/\p{Surrogate}/u);
  return `expected Unicode text, got a surrogate without its other half at UTF-16 index ${index}`;
}

function snakeCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * @file One record, already parsed, to a preference row.
 *
 * Understood layouts: TRL's conversational and plain formats, each with an explicit prompt or with the prompt as the
 * shared beginning of both responses, and UltraFeedback's, where the prompt is given as text and again inside both.
 * Nothing is trimmed, normalised or replaced. Source: TRL's "Dataset formats and types"; `extract_prompt` there.
 */
import type { ChatMessage } from '#ml/tokenizer';
import { RowRejected } from './data.errors.js';
import { readMessages, readText, requireOrder, requireVisible } from './messages.js';
import type { PreferenceRow, RowWarning } from './preference-row.js';

export interface ParsedRow {
  readonly prompt: PreferenceRow['prompt'];
  readonly chosen: string;
  readonly rejected: string;
  readonly warnings: RowWarning[];
}

export type Fields = Readonly<Record<string, unknown>>;

/** @throws RowRejected */
export function parsePreference(fields: Fields): ParsedRow {
  const chosen = readResponse(fields, 'chosen');
  const rejected = readResponse(fields, 'rejected');
  if (typeof chosen !== typeof rejected) {
    throw new RowRejected('wrong_type', 'chosen and rejected must both be text or both be message lists');
  }
  const row =
    typeof chosen === 'string' || typeof rejected === 'string'
      ? plainRow(fields, chosen as string, rejected as string)
      : chatRow(fields, chosen, rejected);
  if (row.chosen.trim() === row.rejected.trim()) throw new RowRejected('identical_responses');
  return row;
}

/** The prompt of a record that has no responses, or whose responses do not matter. @throws RowRejected */
export function parsePrompt(fields: Fields): PreferenceRow['prompt'] {
  const prompt = field(fields, 'prompt');
  return typeof prompt === 'string' ? textPrompt(prompt) : conversation(readMessages(prompt, 'prompt'));
}

/** The number in a column, absent where the row has no such column. @throws RowRejected for anything but a finite number */
export function parseMargin(fields: Fields, column: string): number | undefined {
  if (absent(fields, column)) return undefined;
  const value = field(fields, column);
  const margin = typeof value === 'bigint' ? Number(value) : value;
  if (typeof margin === 'number' && Number.isFinite(margin)) return margin;
  const got = typeof margin === 'number' ? String(margin) : typeof margin;
  throw new RowRejected('wrong_type', `${column}: expected a finite number, got ${got}`);
}

function plainRow(fields: Fields, chosen: string, rejected: string): ParsedRow {
  const implicit = absent(fields, 'prompt');
  const shared = implicit ? sharedText(chosen, rejected) : '';
  const prompt = implicit ? shared : field(fields, 'prompt');
  if (typeof prompt !== 'string') {
    throw new RowRejected('wrong_type', 'the prompt is not text, though the responses are');
  }
  if (implicit && shared === '')
    throw new RowRejected('missing_field', 'prompt is absent, and the responses share no beginning');
  const responses = [chosen, rejected].map((text) => text.slice(shared.length)) as [string, string];
  for (const text of responses) requireVisible(text, 'a response');
  const [chosenText, rejectedText] = responses;
  return {
    prompt: textPrompt(prompt),
    chosen: chosenText,
    rejected: rejectedText,
    warnings: implicit ? ['implicit_prompt'] : [],
  };
}

function chatRow(fields: Fields, chosen: ChatMessage[], rejected: ChatMessage[]): ParsedRow {
  const given = absent(fields, 'prompt') ? undefined : field(fields, 'prompt');
  if (given !== undefined && typeof given !== 'string') {
    const prompt = conversation(readMessages(given, 'prompt'));
    return { prompt, chosen: answer(chosen, 'chosen'), rejected: answer(rejected, 'rejected'), warnings: [] };
  }
  const shared = sharedTurns(chosen, rejected);
  if (shared === 0 && given === undefined) {
    throw new RowRejected('missing_field', 'prompt is absent, and the responses share no turns');
  }
  if (given !== undefined && (shared === 0 || chosen[shared - 1]?.content !== given)) {
    throw new RowRejected('wrong_type', 'the prompt is text, the responses are messages that do not begin with it');
  }
  return {
    prompt: conversation(chosen.slice(0, shared)),
    chosen: answer(chosen.slice(shared), 'chosen'),
    rejected: answer(rejected.slice(shared), 'rejected'),
    warnings: given === undefined ? ['implicit_prompt'] : [],
  };
}

function readResponse(fields: Fields, name: 'chosen' | 'rejected'): string | ChatMessage[] {
  const value = field(fields, name);
  return typeof value === 'string' ? readText(value, name) : readMessages(value, name);
}

function textPrompt(text: string): PreferenceRow['prompt'] {
  readText(text, 'prompt');
  requireVisible(text, 'prompt');
  return { kind: 'text', text };
}

function conversation(messages: ChatMessage[]): PreferenceRow['prompt'] {
  requireOrder(messages);
  return { kind: 'conversation', messages };
}

/** A response is exactly one assistant turn. */
function answer(messages: ChatMessage[], name: string): string {
  const [first, ...rest] = messages;
  if (!first) throw new RowRejected('empty_list', `${name} has no turn of its own`);
  if (first.role !== 'assistant' || rest.length > 0) {
    const roles = messages.map(({ role }) => role).join(', ');
    throw new RowRejected('wrong_role_order', `${name}: expected one assistant turn, got ${roles}`);
  }
  return first.content;
}

/** Turns that both begin with. */
function sharedTurns(a: readonly ChatMessage[], b: readonly ChatMessage[]): number {
  let count = 0;
  while (count < a.length && count < b.length && isSameTurn(a[count]!, b[count]!)) count++;
  return count;
}

function isSameTurn(a: ChatMessage, b: ChatMessage): boolean {
  return a.role === b.role && a.content === b.content;
}

/** Text that both begin with; a blank before the first difference belongs to the responses, as in TRL. */
function sharedText(a: string, b: string): string {
  let end = 0;
  while (end < a.length && end < b.length && a[end] === b[end]) end++;
  if (end > 0 && a[end - 1] === ' ') end--;
  return a.slice(0, end);
}

function absent(fields: Fields, name: string): boolean {
  return !Object.hasOwn(fields, name) || fields[name] === undefined;
}

function field(fields: Fields, name: string): unknown {
  if (absent(fields, name)) throw new RowRejected('missing_field', `${name} is absent`);
  if (fields[name] === null) throw new RowRejected('null_value', `${name} is null`);
  return fields[name];
}

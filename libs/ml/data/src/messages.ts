/** @file Message lists of a row: types, roles, order, visible text. */
import type { ChatMessage } from '#ml/tokenizer';
import { RowRejected } from './data.errors.js';

const ROLES = ['system', 'user', 'assistant'];

/** @throws RowRejected */
export function readMessages(value: unknown, name: string): ChatMessage[] {
  if (!Array.isArray(value))
    throw new RowRejected('wrong_type', `${name}: expected a list of messages, got ${typeof value}`);
  if (value.length === 0) throw new RowRejected('empty_list', `${name} has no messages`);
  return value.map((message, index) => readMessage(message, `${name}[${index}]`));
}

/** Text that is Unicode. @throws RowRejected */
export function readText(text: string, name: string): string {
  if (!text.isWellFormed())
    throw new RowRejected('lone_surrogate', `${name} holds a UTF-16 surrogate without its other half`);
  return text;
}

/** @throws RowRejected where there is nothing to see */
export function requireVisible(text: string, name: string): void {
  if (text.trim() === '') throw new RowRejected('empty_content', `${name} is ${text === '' ? 'empty' : 'blank'}`);
}

/** A system turn first, if any; then user and assistant in turn, from user to user. @throws RowRejected */
export function requireOrder(messages: readonly ChatMessage[]): void {
  const turns = messages.slice(messages[0]?.role === 'system' ? 1 : 0);
  const isAlternating = turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'));
  if (isAlternating && turns.length % 2 === 1) return;
  const roles = messages.map(({ role }) => role).join(', ');
  throw new RowRejected('wrong_role_order', `prompt: expected (system,) user, assistant, … user, got ${roles}`);
}

function readMessage(value: unknown, name: string): ChatMessage {
  if (value === null) throw new RowRejected('null_value', `${name} is null`);
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new RowRejected('wrong_type', `${name}: expected { role, content }, got ${typeof value}`);
  }
  const role = readField(value, 'role', name);
  const content = readField(value, 'content', name);
  if (!ROLES.includes(role)) throw new RowRejected('unknown_role', `${name}: expected ${ROLES.join(', ')} as role`);
  readText(content, `${name}.content`);
  requireVisible(content, `${name}.content`);
  return { role, content };
}

function readField(message: object, field: string, name: string): string {
  const value: unknown = Object.hasOwn(message, field) ? (message as Record<string, unknown>)[field] : undefined;
  if (value === undefined) throw new RowRejected('missing_field', `${name}.${field} is absent`);
  if (value === null) throw new RowRejected('null_value', `${name}.${field} is null`);
  if (typeof value === 'string') return value;
  throw new RowRejected(
    'wrong_type',
    `${name}.${field}: expected text, got ${Array.isArray(value) ? 'a list' : typeof value}`,
  );
}

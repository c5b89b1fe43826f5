/**
 * @file From texts in which a prompt is rendered to prompt and response, or the reason why that cannot be told.
 *
 * Whether a response was cut off for length cannot be told from these texts: `truncated` is false.
 */
import type { AppError } from '#core';
import type { ChatMessage } from '../domain/reward-backend.js';
import type { PromptForm, ResponseForm } from '../domain/score-request.js';
import { renderedChat, withoutTurnEnd, type RenderedChat } from './chat-formats.js';
import { ChatFormatMismatchError, ResponseUnsplitError } from './facade.errors.js';
import type { FacadeOptions } from './facade-options.js';

/** A prompt with its response, or why there is none. */
export type ReadItem =
  | { readonly ok: true; readonly prompt: PromptForm; readonly response: ResponseForm }
  | { readonly ok: false; readonly error: AppError };

type TextOptions = Pick<FacadeOptions, 'chat' | 'unsplit' | 'trim'>;

/** What is told of a text that is not as expected. */
const SHOWN_CHARACTERS = 40;

/** A prompt as the client rendered it, and the response that follows it. */
export function readPair(prompt: string, response: string, options: TextOptions): ReadItem {
  const chat = renderedChat(prompt, options.chat);
  if (chat && (chat.open === undefined || chat.open.role === 'assistant')) return continued(chat, response);
  if (isNamed(options)) return mismatch(options.chat, prompt);
  return plainPair(prompt, trimmed(response, options.trim));
}

/** A text that holds prompt and response; the prompt, as the client rendered it, may be known beside it. */
export function readWhole(text: string, prompt: string | undefined, options: TextOptions): ReadItem {
  if (prompt !== undefined && prompt !== '' && text.startsWith(prompt)) {
    return readPair(prompt, text.slice(prompt.length), options);
  }
  const chat = renderedChat(text, options.chat);
  const turns = chat && lastTurn(chat);
  if (turns) return conversation(turns.before, turns.last);
  if (options.unsplit === 'whole') return plainPair('', trimmed(text, options.trim));
  if (isNamed(options)) return mismatch(options.chat, text);
  return { ok: false, error: new ResponseUnsplitError(whyUnsplit(prompt)) };
}

/** A chat whose last message is the response. */
export function readMessages(messages: readonly ChatMessage[]): ReadItem {
  const last = messages.at(-1);
  if (last?.role === 'assistant' && messages.length > 1) return conversation(messages.slice(0, -1), last.content);
  const got = messages.map(({ role }) => role).join(', ') || 'none';
  const why = `the messages (${got}) are not a prompt and then one of the assistant`;
  return { ok: false, error: new ResponseUnsplitError(why) };
}

const isNamed = ({ chat }: TextOptions): boolean => chat !== 'auto' && chat !== 'none';

function whyUnsplit(prompt: string | undefined): string {
  return prompt === undefined || prompt === ''
    ? 'the text is no rendered chat, and no prompt is given beside it'
    : 'the text does not begin with its prompt (a prompt cut at its left, or decoded otherwise than it was encoded)';
}

/** The open turn at the end of a prompt is the beginning of the response, for instance `<think>`. */
function continued({ messages, open, format }: RenderedChat, response: string): ReadItem {
  return conversation(messages, (open?.content ?? '') + withoutTurnEnd(response, format));
}

function lastTurn({ messages, open }: RenderedChat): { before: readonly ChatMessage[]; last: string } | undefined {
  const all = open ? [...messages, open] : messages;
  const last = all.at(-1);
  return last?.role === 'assistant' && all.length > 1 ? { before: all.slice(0, -1), last: last.content } : undefined;
}

function conversation(messages: readonly ChatMessage[], text: string): ReadItem {
  return { ok: true, prompt: { kind: 'conversation', messages }, response: { kind: 'text', text, truncated: false } };
}

function plainPair(prompt: string, text: string): ReadItem {
  return { ok: true, prompt: { kind: 'text', text: prompt }, response: { kind: 'text', text, truncated: false } };
}

function mismatch(format: string, text: string): ReadItem {
  return { ok: false, error: new ChatFormatMismatchError(format, text.slice(0, SHOWN_CHARACTERS)) };
}

function trimmed(text: string, endings: readonly string[]): string {
  const ending = endings.find((one) => text.endsWith(one));
  return ending === undefined ? text : text.slice(0, -ending.length);
}

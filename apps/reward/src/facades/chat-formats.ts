/**
 * @file Chats as trainers send them: already rendered with the markers of somebody's chat template. A reward model has a
 * template of its own, so the turns are taken apart again; a text rendered twice would get a score that means nothing.
 *
 * The formats are those of widespread templates. Each turn is `roleStart` role `roleEnd` content `turnEnd`; the last turn
 * may be open, which is how a prompt ends that a model is to go on with.
 */
import type { ChatMessage } from '../domain/reward-backend.js';

export interface ChatFormat {
  /** May stand before the first turn. */
  readonly begin?: string;
  readonly roleStart: string;
  readonly roleEnd: string;
  readonly turnEnd: string;
  /** May stand behind a turn. */
  readonly gap: string;
  /** Roles that have another name elsewhere. */
  readonly roles?: Readonly<Record<string, string>>;
}

export const CHAT_FORMATS = {
  /** Qwen, SmolLM2, Yi, many others. */
  chatml: { roleStart: '<|im_start|>', roleEnd: '\n', turnEnd: '<|im_end|>', gap: '\n' },
  llama3: {
    begin: '<|begin_of_text|>',
    roleStart: '<|start_header_id|>',
    roleEnd: '<|end_header_id|>\n\n',
    turnEnd: '<|eot_id|>',
    gap: '',
  },
  gemma: {
    begin: '<bos>',
    roleStart: '<start_of_turn>',
    roleEnd: '\n',
    turnEnd: '<end_of_turn>',
    gap: '\n',
    roles: { model: 'assistant' },
  },
  zephyr: { roleStart: '<|', roleEnd: '|>\n', turnEnd: '</s>', gap: '\n' },
  phi3: { roleStart: '<|', roleEnd: '|>\n', turnEnd: '<|end|>', gap: '\n' },
} as const satisfies Readonly<Record<string, ChatFormat>>;

export type ChatFormatName = keyof typeof CHAT_FORMATS;

/** How a text is to be read: as rendered in one format, as whichever fits, or as it stands. */
export type ChatChoice = ChatFormatName | 'auto' | 'none';

export const CHAT_CHOICES: readonly ChatChoice[] = [
  'auto',
  'none',
  ...(Object.keys(CHAT_FORMATS) as readonly ChatFormatName[]),
];

export interface RenderedChat {
  readonly format: ChatFormat;
  /** Turns that are closed, oldest first. */
  readonly messages: readonly ChatMessage[];
  /** The last turn, where it is open. */
  readonly open: ChatMessage | undefined;
}

const ROLES: ReadonlySet<string> = new Set(['system', 'user', 'assistant', 'tool']);

/** The chat that a text is, in the chosen format or the first that fits; undefined where it is none. */
export function renderedChat(text: string, choice: ChatChoice): RenderedChat | undefined {
  if (choice === 'none') return undefined;
  const formats = choice === 'auto' ? Object.values(CHAT_FORMATS) : [CHAT_FORMATS[choice]];
  for (const format of formats) {
    const chat = parsed(text, format);
    if (chat) return chat;
  }
  return undefined;
}

/** Undefined unless the whole of the text is turns of known roles, at least one. */
function parsed(text: string, format: ChatFormat): RenderedChat | undefined {
  const { begin = '', turnEnd, gap } = format;
  const messages: ChatMessage[] = [];
  let at = text.startsWith(begin) ? begin.length : 0;
  while (at < text.length) {
    const head = turnHead(text, at, format);
    if (!head) return undefined;
    const end = text.indexOf(turnEnd, head.contentAt);
    const content = text.slice(head.contentAt, end === -1 ? text.length : end);
    if (content.includes(format.roleStart)) return undefined;
    if (end === -1) return { format, messages, open: { role: head.role, content } };
    messages.push({ role: head.role, content });
    at = end + turnEnd.length;
    if (text.startsWith(gap, at)) at += gap.length;
  }
  return messages.length > 0 ? { format, messages, open: undefined } : undefined;
}

function turnHead(
  text: string,
  at: number,
  { roleStart, roleEnd, roles }: ChatFormat,
): { readonly role: string; readonly contentAt: number } | undefined {
  if (!text.startsWith(roleStart, at)) return undefined;
  const nameAt = at + roleStart.length;
  const nameEnd = text.indexOf(roleEnd, nameAt);
  if (nameEnd === -1) return undefined;
  const name = text.slice(nameAt, nameEnd);
  const role = roles?.[name] ?? name;
  return ROLES.has(role) ? { role, contentAt: nameEnd + roleEnd.length } : undefined;
}

/** A response without the end of its turn. */
export function withoutTurnEnd(response: string, { turnEnd, gap }: ChatFormat): string {
  const end = [turnEnd + gap, turnEnd].find((one) => response.endsWith(one));
  return end === undefined ? response : response.slice(0, -end.length);
}

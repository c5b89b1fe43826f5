/** @file Chats and texts in JSON bodies, as several façades have them. */
import { z } from 'zod';
import { anyList, elementsOf, kindOf, listOf, text, textsOf } from './json-lists.js';

const textPart = z.object({
  type: z.literal('text', 'expected a part of text; only texts are scored'),
  text,
});

/** A text, or a list whose elements are still to be looked at. */
export const textOrList = (expected: string) =>
  z.union([z.string(), anyList], { error: ({ input }) => `expected ${expected}, got ${kindOf(input)}` });

/** A message of the chat-completions API; content in parts is read as one text. */
export const chatMessage = z.object({
  role: text.min(1, 'expected a role, got an empty text'),
  content: textOrList('text, or a list of parts of text').transform((content, context) =>
    typeof content === 'string'
      ? content
      : elementsOf(content, textPart, context)
          .map((part) => part.text)
          .join(''),
  ),
});

export const chatMessages = listOf(chatMessage);

/** A prompt as text or as messages. */
export const promptBody = textOrList('text, or a list of messages {role, content}').transform((value, context) => {
  if (typeof value === 'string') return value;
  if (value.length === 0) context.addIssue({ code: 'custom', message: 'expected at least one message, got none' });
  return elementsOf(value, chatMessage, context);
});

/** One text, or a list of them. */
export const texts = textOrList('text, or a list of texts').transform((value, context) =>
  typeof value === 'string' ? [value] : textsOf(value, context),
);

/** The same where a place may be left empty. */
export const textsOrNulls = textOrList('text, or a list of texts').transform((value, context) =>
  typeof value === 'string' ? [value] : elementsOf(value, text.nullable(), context),
);

/** @file Chats and texts in JSON bodies, as several façades have them. */
import { z } from 'zod';

const textPart = z.object({
  type: z.literal('text', 'expected a part of text; only texts are scored'),
  text: z.string(),
});

/** A message of the chat-completions API; content in parts is read as one text. */
export const chatMessage = z.object({
  role: z.string().min(1),
  content: z
    .union([z.string(), z.array(textPart)], 'expected text, or a list of parts of text')
    .transform((content) => (typeof content === 'string' ? content : content.map(({ text }) => text).join(''))),
});

export const chatMessages = z.array(chatMessage).min(1, 'expected at least one message');

/** A prompt as text or as messages. */
export const promptBody = z.union([z.string(), chatMessages], 'expected text, or a list of messages {role, content}');

/** One text, or a list of them. */
export const texts = z
  .union([z.string(), z.array(z.string())], 'expected text, or a list of texts')
  .transform((value) => (typeof value === 'string' ? [value] : value));

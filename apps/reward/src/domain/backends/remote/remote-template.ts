/**
 * @file Renders a prompt and its response as the trainers do whose servers are asked, so that a server sees what it was
 * made for: no start token twice, no end token missing, nothing behind the end token.
 *
 *   prompt   the chat template with a generation prompt
 *   whole    that prompt, the response as it is, and the end token unless the response was cut off
 *
 * Differs from a reward model's own reading, the template over all turns, in what a template writes behind the end token.
 */
import { digestOf, type Digest } from '#core';
import {
  ChatTemplate,
  ChatTemplateMissingError,
  PromptInvalidError,
  TokenizerInvalidError,
  readTokenizerFiles,
  type ChatMessage,
} from '#ml/tokenizer';
import type { ScoreRequest } from '../../reward-backend.js';

export interface RenderedPair {
  readonly prompt: string;
  /** Prompt and response. */
  readonly whole: string;
}

export interface RemoteTemplate {
  readonly digest: Digest;
  /** @throws AppError where the template objects to the conversation */
  render(request: ScoreRequest): RenderedPair;
  /** All turns and the response, as a reward model reads a chat. @throws AppError */
  conversation(request: ScoreRequest): string;
}

/** The turns of a prompt; a plain one is one turn of the user. @throws PromptInvalidError where the assistant would go on */
export function turnsOf({ prompt: { messages, text } }: ScoreRequest): readonly ChatMessage[] {
  const turns = messages.length > 0 ? messages : [{ role: 'user', content: text }];
  if (turns.at(-1)?.role !== 'assistant') return turns;
  throw new PromptInvalidError("expected the last message to be someone else's, it is the assistant's");
}

/** The turns with the response as the assistant's. */
export function conversationOf(request: ScoreRequest): readonly ChatMessage[] {
  return [...turnsOf(request), { role: 'assistant', content: request.response }];
}

/** Opens the template of a tokenizer's folder. @throws TokenizerInvalidError, ChatTemplateMissingError */
export async function openTemplate(dir: string): Promise<RemoteTemplate> {
  const { chatTemplate, specialTokens } = await readTokenizerFiles(dir);
  if (chatTemplate === null) throw new ChatTemplateMissingError(dir);
  const { eos_token: endToken } = specialTokens;
  if (endToken === undefined) throw new TokenizerInvalidError(dir, 'names no end token (eos_token)');
  const template = new ChatTemplate(chatTemplate, specialTokens, dir);
  return {
    digest: digestOf(chatTemplate, '\n', JSON.stringify(specialTokens)),
    render: (request) => {
      const prompt = template.render(turnsOf(request), { addGenerationPrompt: true });
      return { prompt, whole: prompt + request.response + (request.truncated ? '' : endToken) };
    },
    conversation: (request) => template.render(conversationOf(request), { addGenerationPrompt: false }),
  };
}

/** No template at all: the texts one behind the other, as base models without a chat format are trained. */
export const CONCATENATION: RemoteTemplate = {
  digest: digestOf('metaapo concatenation 1'),
  render: ({ prompt, response }) => ({ prompt: prompt.text, whole: prompt.text + response }),
  conversation: ({ prompt, response }) => prompt.text + response,
};

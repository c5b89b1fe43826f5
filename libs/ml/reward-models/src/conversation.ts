/** @file A prompt and its response as the conversation that a chat template renders. */
import { PromptInvalidError, ResponseEmptyError, type ChatMessage } from '#ml/tokenizer';
import type { RewardInput } from './reward-model.js';

/**
 * The prompt's turns and the response as the assistant's. A plain prompt is one turn of the user.
 *
 * @throws PromptInvalidError where the assistant would speak twice; ResponseEmptyError
 */
export function conversationOf({ prompt, response }: RewardInput): readonly ChatMessage[] {
  const turns = prompt.messages.length > 0 ? prompt.messages : [{ role: 'user', content: prompt.text }];
  if (turns.at(-1)?.role === 'assistant') {
    throw new PromptInvalidError("expected the last message to be someone else's, it is the assistant's");
  }
  if (response === '') throw new ResponseEmptyError();
  return [...turns, { role: 'assistant', content: response }];
}

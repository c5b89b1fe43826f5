/** @file A prompt as a person reads it. */
import type { Prompt__Output } from '#contracts/common';

/** The plain text, or the turns with their roles, one per line. */
export function promptText(prompt: Prompt__Output | null): string {
  const turns = prompt?.conversation?.messages ?? [];
  return turns.length > 0 ? turns.map(({ role, content }) => `${role}: ${content}`).join('\n') : (prompt?.text ?? '');
}

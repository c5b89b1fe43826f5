/**
 * @file The work that is measured, as token ids: the same for everyone who does it.
 *
 * Ids are without meaning, and every row differs. Lengths are those of preference data: a prompt, and two responses to
 * it that go on to 256 tokens.
 */

export const PROMPT_TOKENS = 96;
/** Prompt and response are 256 together. */
export const RESPONSE_TOKENS = 160;
/** Of a generated response, and of the offline pair beside it in a whole iteration. */
export const NEW_TOKENS = 64;

export interface Pair {
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
}

export interface PromptAndPair extends Pair {
  readonly prompt: readonly number[];
}

/** LoRA on every linear layer; what TRL and PEFT call all-linear. */
export const LORA = {
  rank: 16,
  alpha: 32,
  targetModules: ['down_proj', 'gate_proj', 'k_proj', 'o_proj', 'q_proj', 'up_proj', 'v_proj'],
} as const;

export const TRAINING = { beta: 0.1, learningRate: 5e-5, clip: 1, weight: 0.6 } as const;

export function someTokens(length: number, salt: number): number[] {
  return Array.from({ length }, (_, index) => (index * 31 + salt * 17) % 256);
}

export function somePrompts(count: number): number[][] {
  return Array.from({ length: count }, (_, index) => someTokens(PROMPT_TOKENS, index));
}

export function somePairs(count: number, responseTokens: number): PromptAndPair[] {
  return somePrompts(count).map((prompt, index) => ({
    prompt,
    chosen: someTokens(responseTokens, 2 * index + 100),
    rejected: someTokens(responseTokens, 2 * index + 101),
  }));
}

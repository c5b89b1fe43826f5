/** @file Reference answers to compare with: the chosen responses of preference data, found by their prompt. */
import { AppError, digestOfJson, type Digest } from '#core';
import { loadPreferences } from '#ml/data';
import type { ChatMessage, PromptText } from '../../reward-backend.js';
import { RewardModelBrokenError } from '../../reward.errors.js';

/** Most answers that one prompt is compared with; later rows of the file are left out. */
const ANSWERS_PER_PROMPT_MAX = 8;

export interface Baselines {
  /** Of the file's bytes. */
  readonly digest: Digest;
  /** In file order, each once; empty where the file does not have the prompt. */
  of(prompt: PromptText): readonly string[];
}

export interface BaselineOptions {
  readonly rewardModel: string;
  /** Preference data, JSONL or Parquet, as a run reads it. */
  readonly path: string;
  /** `both` takes the rejected responses too. */
  readonly against: 'chosen' | 'both';
}

/** @throws RewardModelBrokenError where the file cannot be read or has no good row */
export async function loadBaselines({ rewardModel, path, against }: BaselineOptions): Promise<Baselines> {
  const answers = new Map<Digest, string[]>();
  try {
    // Rows that a run would refuse are no answers; prompts that only they had are told of when they are asked for.
    const { rows, digest } = await loadPreferences(path, { badRowsMax: Number.MAX_SAFE_INTEGER });
    for (const { prompt, chosen, rejected } of rows.values()) {
      const key = prompt.kind === 'text' ? textKey(prompt.text) : chatKey(prompt.messages);
      const known = answers.get(key) ?? [];
      for (const answer of against === 'both' ? [chosen, rejected] : [chosen]) {
        if (known.length < ANSWERS_PER_PROMPT_MAX && !known.includes(answer)) known.push(answer);
      }
      answers.set(key, known);
    }
    return { digest, of: (prompt) => answers.get(keyOf(prompt)) ?? [] };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw new RewardModelBrokenError(rewardModel, `its reference answers: ${thrown.message}`);
  }
}

const textKey = (text: string): Digest => digestOfJson({ text });
const chatKey = (messages: readonly ChatMessage[]): Digest =>
  digestOfJson({ messages: messages.map(({ role, content }) => ({ role, content })) });

function keyOf({ messages, text }: PromptText): Digest {
  return messages.length > 0 ? chatKey(messages) : textKey(text);
}

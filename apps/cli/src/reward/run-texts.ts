/**
 * @file The texts that a run had scored, as items for a report. The trainer knows what it has written; its reader runs as a
 * process of its own, as that of `metaapo fsck` does.
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import type { AnnotateItem } from '#contracts/reward';
import { readRun } from '#run-directory';
import { UsageError } from '../cli.errors.js';
import { trainerOutput } from '../runs/trainer-output.js';
import { RunTextsError } from './reward.errors.js';

const promptSchema = z.object({
  form: z.enum(['text', 'conversation']),
  text: z.string().optional(),
  conversation: z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) }).optional(),
});

const textsSchema = z.union([
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  z.object({
    runId: z.string(),
    items: z.array(
      z.object({
        itemId: z.string(),
        prompt: promptSchema,
        responses: z.array(z.object({ text: z.string(), truncated: z.boolean() })),
      }),
    ),
    textlessCount: z.number(),
  }),
]);

export interface RunTextsQuery {
  readonly rewardModel: string;
  /** Most scores of the ledger to take, the last ones bought. */
  readonly countMax: number;
  readonly baseDirectory: string | undefined;
  readonly signal: AbortSignal;
}

export interface RunTexts {
  readonly runId: string;
  readonly items: AnnotateItem[];
  /** Scores whose texts are gone. */
  readonly textlessCount: number;
}

/** @throws UsageError where there is no run; RunTextsError; InterruptedError */
export async function runTexts(given: string, query: RunTextsQuery): Promise<RunTexts> {
  const { rewardModel, countMax, baseDirectory, signal } = query;
  const path = resolve(given);
  if ((await readRun(path)) === undefined) {
    throw new UsageError(`Expected the directory of a run, got ${given}: no run is there`);
  }
  const base = baseDirectory === undefined ? [] : [resolve(baseDirectory)];
  const texts = await trainerOutput('annotated-texts-main.js', {
    args: [path, rewardModel, String(countMax), ...base],
    schema: textsSchema,
    what: 'reader',
    signal,
  });
  if ('error' in texts) throw new RunTextsError(texts.error.code, `${given}: ${texts.error.message}`);
  const { runId, textlessCount } = texts;
  const items = texts.items.map(({ itemId, prompt, responses }): AnnotateItem => {
    const { form, text, conversation } = prompt;
    return {
      itemId,
      prompt: form === 'text' ? { form, text: text ?? '' } : { form, conversation: conversation ?? { messages: [] } },
      responses: responses.map((response) => ({ form: 'text', ...response })),
    };
  });
  return { runId, items, textlessCount };
}

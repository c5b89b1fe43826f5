/** @file A row of `score` and `generate` input, checked: `{"id", "prompt": [messages] or "text", "responses": ["…"]}`. */
import { z } from 'zod';
import type { Prompt } from '#contracts/common';
import type { JsonLine } from './json-lines.js';

/** What an output row names its input row by. */
export type RowId = string | number;

export interface RowError {
  readonly code: string;
  readonly message: string;
}

export interface InputRow {
  readonly id: RowId;
  readonly prompt: Prompt;
  /** Empty for rows that only ask. */
  readonly responses: readonly string[];
}

export type InputOutcome =
  | { readonly ok: true; readonly row: InputRow }
  | { readonly ok: false; readonly id: RowId; readonly error: RowError };

const text = z.string({ error: 'expected text' });
const messages = z
  .array(z.object({ role: text, content: text }, { error: 'expected {"role", "content"}' }), {
    error: 'expected messages',
  })
  .min(1, { error: 'expected at least one message' });
const id = z.union([text, z.number()], { error: 'expected text or a number' });
const prompt = z.union([text, messages], { error: 'expected text or a list of {"role", "content"}' });
const promptRow = z.object({ id, prompt }, { error: 'expected an object' });
const scoreRow = z.object(
  {
    id,
    prompt,
    responses: z.array(text, { error: 'expected a list of texts' }).min(1, { error: 'expected at least one' }),
  },
  { error: 'expected an object' },
);

/** Checks a row of the wanted kind. A row without a usable id goes by `line-N`. */
export function inputRow(line: JsonLine, kind: 'score' | 'generate'): InputOutcome {
  const fallbackId = `line-${line.line}`;
  if ('problem' in line) return rejected(fallbackId, 'ROW_INVALID', `line ${line.line}: ${line.problem}`);
  const parsed = (kind === 'score' ? scoreRow : promptRow).safeParse(line.value);
  const known = id.safeParse((line.value as { id?: unknown } | null)?.id);
  const rowId = known.success ? known.data : fallbackId;
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the row'}: ${message}`);
    return rejected(rowId, 'ROW_INVALID', `line ${line.line}: ${problems.join('; ')}`);
  }
  const row: z.infer<typeof promptRow> & { readonly responses?: readonly string[] } = parsed.data;
  const responses = row.responses ?? [];
  if (!allTexts([row.prompt, responses]).every((part) => part.isWellFormed())) {
    // Protocol buffers would replace it by U+FFFD without a word, and score another text.
    return rejected(
      rowId,
      'TEXT_MALFORMED',
      `line ${line.line}: expected Unicode text, got a surrogate without its other half`,
    );
  }
  return { ok: true, row: { id: rowId, prompt: promptOf(row.prompt), responses } };
}

function rejected(rowId: RowId, code: string, message: string): InputOutcome {
  return { ok: false, id: rowId, error: { code, message } };
}

function promptOf(given: z.infer<typeof prompt>): Prompt {
  if (typeof given === 'string') return { text: given };
  return { conversation: { messages: given.map(({ role, content }) => ({ role, content })) } };
}

/** Every text within a value. */
function allTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((part: unknown) => allTexts(part));
  if (typeof value === 'object' && value !== null)
    return Object.values(value).flatMap((part: unknown) => allTexts(part));
  return [];
}

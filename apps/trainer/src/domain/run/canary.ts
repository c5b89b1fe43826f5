/**
 * @file The canary: a few short sequences by which replicas are compared. Taken from the run's own first rows, so that they
 * are of the kind that the run computes, and the same in every process that works on it.
 */
import type { PreferenceRow } from '../algorithm/rows.js';
import type { ScoreUnit } from '../ports/policy-port.js';

/** Rows looked at, and rows taken: the shortest ones, since they are scored after every step. */
const ROWS_LOOKED_AT = 32;
const ROWS_TAKEN = 2;
const RESPONSE_CHARACTERS_MAX = 128;

/** @param rows in the run's order */
export function canaryOf(rows: readonly PreferenceRow[]): ScoreUnit['items'] {
  return rows
    .slice(0, ROWS_LOOKED_AT)
    .toSorted((a, b) => promptLength(a) - promptLength(b))
    .slice(0, ROWS_TAKEN)
    .map(({ id, prompt, chosen, rejected }) => ({
      itemId: id,
      prompt,
      responses: [chosen, rejected].map((text) => ({ form: 'text' as const, text: clipped(text) })),
    }));
}

function promptLength({ prompt }: PreferenceRow): number {
  if (prompt.form === 'text') return prompt.text?.length ?? 0;
  return (prompt.conversation?.messages ?? []).reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
}

/** Cut between characters, not within one. */
function clipped(text: string): string {
  const cut = text.slice(0, RESPONSE_CHARACTERS_MAX);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

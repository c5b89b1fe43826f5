/** @file A preference row as the rest of the project sees it, and what can be said about a line of a file. */
import type { PromptInput } from '#ml/tokenizer';

export interface PreferenceRow {
  /** The row's own `id` where it has one, else `line-N`; unique within the file. Rows are keyed by this, never by text. */
  readonly rowId: string;
  /** Line of a JSONL file or row of a Parquet file, from 1. */
  readonly line: number;
  readonly prompt: Extract<PromptInput, { kind: 'conversation' | 'text' }>;
  readonly chosen: string;
  readonly rejected: string;
  /** Where the pair comes from: the row's own `source`, where it is a text. Nothing is computed from it. */
  readonly source?: string;
  /** How far apart the rewards of the two shall at least be, where a column for it was named and the row has it. */
  readonly margin?: number;
}

/** A row that only asks. */
export type PromptRow = Omit<PreferenceRow, 'chosen' | 'rejected' | 'source' | 'margin'>;

/** Why a line is refused. */
export const REJECT_REASONS = {
  malformed_json: 'the line is not one JSON value',
  invalid_utf8: "the line's bytes are not UTF-8",
  not_an_object: 'valid JSON, but not an object',
  missing_field: 'prompt, chosen, rejected, role or content is absent',
  null_value: 'one of these is null',
  wrong_type: 'one of these has another type than the format says',
  empty_list: 'a message list without messages',
  empty_content: 'a message without visible text',
  identical_responses: 'chosen equals rejected: no preference to learn',
  wrong_role_order:
    'a system turn comes first, users and assistants alternate, a prompt ends with the user, a response is one assistant turn',
  unknown_role: 'a role other than system, user, assistant',
  lone_surrogate: 'an escaped UTF-16 surrogate without its other half',
  duplicate_row: 'the same prompt, chosen and rejected as an earlier line',
  duplicate_id: 'the id of an earlier line',
  duplicate_key: 'a key twice in one object',
  too_long: 'over the size limit of a line',
} as const;

export type RejectReason = keyof typeof REJECT_REASONS;

/** What a user may want to know about an accepted line. */
export type RowWarning =
  | 'bom'
  | 'crlf'
  | 'no_final_newline'
  | 'long_row'
  | 'duplicate_prompt'
  | `contradicts_line_${number}`
  | 'equal_after_nfc'
  | 'control_character'
  | 'non_finite_number'
  | 'unknown_column'
  | 'special_tokens_in_text'
  | 'implicit_prompt'
  | 'mixed_format';

export interface RejectedLine {
  readonly line: number;
  readonly verdict: 'reject';
  readonly reason: RejectReason;
  /** What was expected and what came; quotes no text of the row. */
  readonly message: string;
}

export type LineOutcome<Row> =
  | { readonly line: number; readonly verdict: 'accept'; readonly row: Row; readonly warnings: readonly RowWarning[] }
  | RejectedLine
  | { readonly line: number; readonly verdict: 'skip' };

/** @file Padded batches of a case as rows of real tokens, cut into prompt and completion; and the texts behind them. */
import { assert, present } from '#core';
import type { ChatMessage, ChatTokenizer } from '#ml/tokenizer';
import type { GoldenTensors } from './golden-case.js';

export interface TokenRow {
  readonly ids: readonly number[];
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
  /** Index in the padded row of each real token. */
  readonly columns: readonly number[];
  /** Position ids of the real tokens, as stored. */
  readonly positions: readonly number[];
}

/** The rows of `PREFIX.input_ids` and its masks; without prefix, of `input_ids`. */
export function tokenRows(tensors: GoldenTensors, prefix?: string): TokenRow[] {
  const name = (field: string) => (prefix === undefined ? field : `${prefix}.${field}`);
  const [ids, attention, completion, positions] = [
    'input_ids',
    'attention_mask',
    'completion_mask',
    'position_ids',
  ].map((field) => tensors.rows(name(field))) as [number[][], number[][], number[][], number[][]];
  return ids.map((row, b) => {
    const columns = row.map((_, t) => t).filter((t) => attention[b]?.[t] === 1);
    const at = (matrix: number[][]) => columns.map((t) => present(matrix[b]?.[t], `row ${b} of the batch`));
    const real = at(ids);
    const completionStart = at(completion).indexOf(1);
    assert(completionStart > 0, `row ${b} has a prompt and a completion`);
    return {
      ids: real,
      prompt: real.slice(0, completionStart),
      completion: real.slice(completionStart),
      columns,
      positions: at(positions),
    };
  });
}

export const RESPONSE_KINDS = ['chosen', 'rejected', 'online_chosen', 'online_rejected'] as const;

export type ResponseKind = (typeof RESPONSE_KINDS)[number];

export type GoldenRecord = { readonly messages: readonly ChatMessage[] } & { readonly [K in ResponseKind]: string };

/** Prompt and completion of a record's response, as our tokenizer makes them. */
export function encodeRecord(tokenizer: ChatTokenizer, record: GoldenRecord, kind: ResponseKind): number[] {
  const prompt = tokenizer.encodePrompt({ kind: 'conversation', messages: record.messages });
  return [...prompt, ...tokenizer.encodeResponse({ kind: 'text', text: record[kind], truncated: false })];
}

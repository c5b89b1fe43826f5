/**
 * @file Inputs and outcomes as they cross threads: rows of numbers, since cloning some hundred small objects costs as much as
 * a small model's pass over a batch.
 */
import { toThreadError, type ThreadError } from '#ml/engine';
import type { Settled } from '../batching/batch-scorer.js';
import type { Member } from '../batching/work.js';
import type { RewardScore } from '../reward-model.js';

const MEMBER_WIDTH = 2;
const RESULT_WIDTH = 6;

/** callId, index */
export type PackedMembers = Float64Array;

export function packMembers(members: readonly Member[]): PackedMembers {
  const packed = new Float64Array(MEMBER_WIDTH * members.length);
  members.forEach(({ callId, index }, at) => packed.set([callId, index], MEMBER_WIDTH * at));
  return packed;
}

export function unpackMembers(packed: PackedMembers): Member[] {
  return Array.from({ length: packed.length / MEMBER_WIDTH }, (_, at) => {
    const [callId = 0, index = 0] = packed.subarray(MEMBER_WIDTH * at, MEMBER_WIDTH * (at + 1));
    return { callId, index };
  });
}

export interface PackedResults {
  /** callId, index, milliseconds of tokenizing, score, tokens, tokens cut off */
  readonly rows: Float64Array;
  /** By the row they stand for, whose last three numbers mean nothing. */
  readonly errors: ReadonlyMap<number, ThreadError>;
}

/** An outcome in a form that crosses threads. */
export type SentOutcome = ({ readonly ok: true } & RewardScore) | { readonly ok: false; readonly error: ThreadError };

export interface SentResult extends Member {
  readonly outcome: SentOutcome;
  readonly tokenizeMs: number;
}

export function packResults(results: readonly Settled[]): PackedResults {
  const rows = new Float64Array(RESULT_WIDTH * results.length);
  const errors = new Map<number, ThreadError>();
  results.forEach(({ callId, index, outcome, tokenizeMs }, at) => {
    const numbers = outcome.ok ? [outcome.score, outcome.tokenCount, outcome.truncatedCount] : [];
    rows.set([callId, index, tokenizeMs, ...numbers], RESULT_WIDTH * at);
    if (!outcome.ok) errors.set(at, toThreadError(outcome.error));
  });
  return { rows, errors };
}

export function unpackResults({ rows, errors }: PackedResults): SentResult[] {
  return Array.from({ length: rows.length / RESULT_WIDTH }, (_, at) => {
    const row = rows.subarray(RESULT_WIDTH * at, RESULT_WIDTH * (at + 1));
    const [callId = 0, index = 0, tokenizeMs = 0, score = 0, tokenCount = 0, truncatedCount = 0] = row;
    const error = errors.get(at);
    const outcome: SentOutcome = error ? { ok: false, error } : { ok: true, score, tokenCount, truncatedCount };
    return { callId, index, outcome, tokenizeMs };
  });
}

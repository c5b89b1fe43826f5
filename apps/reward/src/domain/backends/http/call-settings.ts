/** @file How patiently and how often a server is asked: the settings that all kinds of remote backends share. */
import { z } from 'zod';

const HOUR_MS = 3_600_000;
/** Node's fetch gives up on silence after five minutes by itself. */
const TIMEOUT_MS_MAX = 290_000;
const durationMs = z.number().int().min(0).max(HOUR_MS);

/** Members of a backend's schema. */
export const callFields = {
  timeout_ms: z.number().int().min(1).max(TIMEOUT_MS_MAX).optional(),
  attempts: z.number().int().min(1).max(20).optional(),
  backoff_ms: durationMs.optional(),
  backoff_max_ms: durationMs.optional(),
  retry_after_max_ms: durationMs.optional(),
  concurrency: z.number().int().min(1).max(1024).optional(),
  requests_per_minute: z.number().positive().optional(),
};

/** A member for backends that count tokens. */
export const tokenFields = { tokens_per_minute: z.number().positive().optional() };

export type CallFields = Readonly<
  z.output<z.ZodObject<typeof callFields>> & Partial<z.output<z.ZodObject<typeof tokenFields>>>
>;

export interface CallSettings {
  /** Longest time for one attempt, from the connection to the last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** Most attempts, the first one included. */
  readonly attemptsMax: number;
  /** Wait before the second attempt; it doubles from then on, and half of it is drawn by lot. In milliseconds. */
  readonly backoffMs: number;
  readonly backoffMsMax: number;
  /** Longest wait that a server may ask for; beyond it the response fails at once. In milliseconds. */
  readonly retryAfterMsMax: number;
  /** Most requests under way. */
  readonly concurrency: number;
  /** Most requests begun in any minute. */
  readonly requestsPerMinute: number;
  /** Most tokens asked for in any minute. */
  readonly tokensPerMinute: number;
}

export function callSettings(fields: CallFields, defaults: { readonly timeoutMs: number }): CallSettings {
  return {
    timeoutMs: fields.timeout_ms ?? Math.min(defaults.timeoutMs, TIMEOUT_MS_MAX),
    attemptsMax: fields.attempts ?? 5,
    backoffMs: fields.backoff_ms ?? 500,
    backoffMsMax: fields.backoff_max_ms ?? 20_000,
    retryAfterMsMax: fields.retry_after_max_ms ?? 60_000,
    concurrency: fields.concurrency ?? 8,
    requestsPerMinute: fields.requests_per_minute ?? Infinity,
    tokensPerMinute: fields.tokens_per_minute ?? Infinity,
  };
}

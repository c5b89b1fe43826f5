/** @file What every reply says beside the scores: which model gave them, under which epoch, and where the time went. */
import { systemClock } from '#core';
import type { Provenance } from '../domain/provenance.js';

interface ReplyFacts {
  readonly queueMs: number;
  readonly tokenizeMs: number;
  readonly computeMs: number;
  readonly requestId: string;
}

/** Headers of a reply with scores; bodies of foreign shapes have no room for them. */
export function replyHeaders(
  provenance: Provenance,
  { queueMs, tokenizeMs, computeMs, requestId }: ReplyFacts,
): Record<string, string> {
  return {
    'metaapo-reward-model': provenance.rewardModel,
    'metaapo-reward-epoch': String(provenance.epoch),
    'metaapo-reward-digest': provenance.weightsDigest,
    'server-timing': serverTiming({ queue: queueMs, tokenize: tokenizeMs, compute: computeMs }),
    ...(requestId !== '' && { 'x-request-id': requestId }),
  };
}

function serverTiming(timesMs: Readonly<Record<string, number>>): string {
  return Object.entries(timesMs)
    .map(([name, timeMs]) => `${name};dur=${timeMs.toFixed(3)}`)
    .join(', ');
}

/** Provenance under the names of `reward.proto`; what a backend does not have is left out. */
export function provenanceBody(provenance: Provenance): Record<string, string | number> {
  const entries = Object.entries(provenance) as [string, string | number][];
  return Object.fromEntries(
    entries.filter(([, value]) => value !== '').map(([name, value]) => [snakeCase(name), value]),
  );
}

export const snakeCase = (camelCase: string): string =>
  camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Clients of vLLM expect it; tokens are not counted here. */
export const NO_USAGE = {
  prompt_tokens: 0,
  total_tokens: 0,
  completion_tokens: 0,
  prompt_tokens_details: null,
} as const;

/** `created` of OpenAI's shapes: seconds since the epoch. */
export const createdS = (): number => Math.floor(systemClock.nowMs() / 1000);

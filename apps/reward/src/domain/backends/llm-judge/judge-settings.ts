/** @file A judge's settings with every default in its place, and which of them can change a score. */
import type { Digest } from '#core';
import { ANSWER_GRAMMAR_VERSION } from './judge-answer.js';
import { PROMPT_VERSION } from './judge-prompt.js';
import { SCORE_MAX, SCORE_MIN, type JudgeSpec } from './judge-spec.js';

export interface JudgeSettings {
  readonly mode: 'pointwise' | 'pairwise';
  readonly model: string;
  readonly scoreMin: number;
  readonly scoreMax: number;
  readonly against: 'chosen' | 'both';
  /** True where the judge gives its reason before its verdict. */
  readonly withReason: boolean;
  /** Members of the request's body that decide how the judge writes. */
  readonly sampling: Readonly<Record<string, unknown>>;
  /** Null where none is sent. */
  readonly seed: number | null;
  readonly maxTokens: number;
  readonly responseFormat: 'none' | 'json_object' | 'json_schema';
  /** Further questions after an answer that is no verdict. */
  readonly reasksMax: number;
}

export function judgeSettings(spec: JudgeSpec): JudgeSettings {
  const { mode = 'pointwise', temperature = 0, seed = 0, max_tokens: maxTokens = 512 } = spec;
  const isPairwise = mode === 'pairwise';
  return {
    mode,
    model: spec.model,
    scoreMin: isPairwise ? 0 : (spec.score_min ?? SCORE_MIN),
    scoreMax: isPairwise ? 1 : (spec.score_max ?? SCORE_MAX),
    against: spec.against ?? 'chosen',
    withReason: spec.reason ?? true,
    sampling: {
      ...spec.extra_body,
      ...(temperature !== null && { temperature }),
      ...(spec.top_p !== undefined && { top_p: spec.top_p }),
      [spec.max_tokens_field ?? 'max_tokens']: maxTokens,
    },
    seed,
    maxTokens,
    responseFormat: spec.response_format ?? 'none',
    reasksMax: spec.reasks ?? 0,
  };
}

/** What a score depends on, for its digest. How fast and how dearly it is bought is not in it. */
export function scoreFacts(
  { base_url: baseUrl }: JudgeSpec,
  settings: JudgeSettings,
  files: { readonly rubric: Digest; readonly baseline: Digest | undefined },
): unknown {
  return {
    format: 'metaapo llm-judge 1',
    prompt: PROMPT_VERSION,
    answer: ANSWER_GRAMMAR_VERSION,
    baseUrl,
    settings,
    files,
  };
}

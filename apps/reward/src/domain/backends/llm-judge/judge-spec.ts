/** @file A language model as the judge, as it is configured. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { callFields, tokenFields } from '../http/call-settings.js';
import { tlsProblem, tlsSpec } from '../http/client-tls.js';
import { headerName, httpUrl, variableName } from '../http/endpoint.js';

const absolutePath = z.string().refine(isAbsolute, 'expected an absolute path');
const finite = z.number();

const fields = {
  backend: z.literal('llm-judge'),
  /** As OpenAI's clients take it: the chat completions lie below, at `/chat/completions`. */
  base_url: httpUrl,
  model: z.string().min(1),
  mode: z.enum(['pointwise', 'pairwise']).optional(),
  rubric: absolutePath,
  score_min: finite.optional(),
  score_max: finite.optional(),
  baseline: absolutePath.optional(),
  against: z.enum(['chosen', 'both']).optional(),
  reason: z.boolean().optional(),
  temperature: z.number().min(0).max(2).nullable().optional(),
  top_p: z.number().positive().max(1).optional(),
  seed: z.number().int().nullable().optional(),
  max_tokens: z.number().int().min(1).max(1e6).optional(),
  max_tokens_field: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
  response_format: z.enum(['none', 'json_object', 'json_schema']).optional(),
  extra_body: z.record(z.string(), z.json()).optional(),
  reasks: z.number().int().min(0).max(5).optional(),
  api_key_env: variableName.nullable().optional(),
  api_key_header: headerName.optional(),
  tls: tlsSpec.optional(),
  verify: z.boolean().optional(),
  price: z.strictObject({ prompt_per_million: finite.min(0), completion_per_million: finite.min(0) }).optional(),
  ...callFields,
  ...tokenFields,
};

export const judgeSpec = z.strictObject(fields).superRefine((spec, context) => {
  const complain = (path: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  const insecure = tlsProblem(spec.base_url, spec.tls);
  if (insecure !== undefined) complain('base_url', insecure);
  const { mode = 'pointwise', score_min: min = SCORE_MIN, score_max: max = SCORE_MAX } = spec;
  if (mode === 'pairwise') {
    if (spec.baseline === undefined) complain('baseline', 'expected the file with reference answers, for "pairwise"');
    for (const field of ['score_min', 'score_max'] as const) {
      if (spec[field] !== undefined) complain(field, 'has no meaning for "pairwise", whose scores lie in [0, 1]');
    }
  } else {
    for (const field of ['baseline', 'against'] as const) {
      if (spec[field] !== undefined) complain(field, 'has no meaning for "pointwise"');
    }
    if (min >= max) complain('score_max', `expected more than score_min, ${min}`);
  }
});

export type JudgeSpec = Readonly<z.output<typeof judgeSpec>>;

export const SCORE_MIN = 1;
export const SCORE_MAX = 10;

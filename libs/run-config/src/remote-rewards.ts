/** @file Reward models that stand behind other servers, as a run serves them. What each setting means: `docs/backends`. */
import { z } from 'zod';
import { flag, integer, oneOf, path, real, text } from './fields.js';

const HOUR_MS = 3_600_000;

/** How patiently a server is asked. */
const patience = {
  /** Longest time for one attempt, in milliseconds. Default: the service's. */
  timeout_ms: integer(1, 290_000).optional(),
  /** Most attempts, in [1, 20]. Default 5. */
  attempts: integer(1, 20).optional(),
  /** Wait before the second attempt, in milliseconds. Default 500. */
  backoff_ms: integer(0, HOUR_MS).optional(),
  /** Longest such wait, in milliseconds. Default 20000. */
  backoff_max_ms: integer(0, HOUR_MS).optional(),
  /** Longest wait that a server may ask for, in milliseconds. Default 60000. */
  retry_after_max_ms: integer(0, HOUR_MS).optional(),
  /** Most requests under way, in [1, 1024]. Default 8. */
  concurrency: integer(1, 1024).optional(),
  /** Most requests a minute, above 0. Default unlimited. */
  requests_per_minute: real({ min: 0, minOpen: true }).optional(),
};

const url = text('an http or https URL').refine((value) => /^https?:\/\/[^/@]+(\/|$)/.test(value), {
  error: 'an http or https URL without credentials',
});
const variable = text('the name of an environment variable');

/** Certificates of a server that is called over TLS; read again when they change. */
const tls = z
  .strictObject(
    {
      /** Authorities that the server's certificate must come from. Default: the system's. */
      ca: path('certificates').optional(),
      /** Certificate and key to show, together. Default none. */
      cert: path('a certificate').optional(),
      key: path('a private key').optional(),
      /** Name in the server's certificate. Default: the host of its address. */
      server_name: text('the name in a certificate').optional(),
    },
    { error: ({ code }) => (code === 'invalid_type' ? 'a mapping with ca, cert, key and server_name' : undefined) },
  )
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), { error: 'cert and key together' });

/** A language model with a rubric. */
export const judgeReward = z.strictObject({
  backend: z.literal('llm-judge'),
  /** Required. What `/chat/completions` lies below. */
  base_url: url,
  /** Required. */
  model: text('the name of a model'),
  /** Required. What makes an answer good. */
  rubric: path('a rubric'),
  /** A grade, or a comparison with reference answers in both orders. Default `pointwise`. */
  mode: oneOf('pointwise', 'pairwise').optional(),
  /** Range of a grade. Default 1 to 10. */
  score_min: real().optional(),
  score_max: real().optional(),
  /** Preference data with the reference answers; `pairwise` needs it. */
  baseline: path('preference data').optional(),
  /** Default `chosen`. */
  against: oneOf('chosen', 'both').optional(),
  /** Whether the judge writes a reason first. Default true. */
  reason: flag().optional(),
  /** In [0, 2]; null sends none. Default 0. */
  temperature: real({ min: 0, max: 2 }).nullable().optional(),
  top_p: real({ min: 0, minOpen: true, max: 1 }).optional(),
  /** Null sends none. Default 0. */
  seed: integer(0, 2 ** 31 - 1)
    .nullable()
    .optional(),
  /** Longest answer of the judge, in tokens. Default 512. */
  max_tokens: integer(1, 1e6).optional(),
  max_tokens_field: oneOf('max_tokens', 'max_completion_tokens').optional(),
  response_format: oneOf('none', 'json_object', 'json_schema').optional(),
  /** Further members of the request. */
  extra_body: z.record(z.string(), z.json(), { error: 'a mapping of JSON values' }).optional(),
  /** Further questions after an answer that is no verdict, in [0, 5]. Default 0. */
  reasks: integer(0, 5).optional(),
  /** Variable with the key; null for none. Default OPENAI_API_KEY. */
  api_key_env: variable.nullable().optional(),
  api_key_header: text('the name of a header').optional(),
  tls: tls.optional(),
  /** Whether the server must list the model. Default true. */
  verify: flag().optional(),
  /** What tokens cost. */
  price: z.strictObject({ prompt_per_million: real({ min: 0 }), completion_per_million: real({ min: 0 }) }).optional(),
  /** Most tokens a minute, above 0. Default unlimited. */
  tokens_per_minute: real({ min: 0, minOpen: true }).optional(),
  ...patience,
});

const common = {
  backend: z.literal('remote'),
  revision: text('a revision').optional(),
  score_min: real().optional(),
  score_max: real().optional(),
  /** Whether a score may cost something. Default true. */
  bills: flag().optional(),
  ...patience,
};

const overHttp = {
  ...common,
  /** Required. */
  url,
  api_key_env: variable.optional(),
  api_key_header: text('the name of a header').optional(),
  tls: tls.optional(),
};

const template = path("a tokenizer's folder");
const model = text('the name of a model');
const batchSize = integer(1, 4096).optional();
const label = integer(0, 1e6).optional();

/** A reward server of another project. */
export const remoteReward = z.discriminatedUnion(
  'protocol',
  [
    z.strictObject({
      ...overHttp,
      protocol: z.literal('openrlhf'),
      /** Required. `concatenate`, or a folder whose chat template renders the texts. */
      template,
      model: model.optional(),
      batch_size: batchSize,
    }),
    z.strictObject({
      ...overHttp,
      protocol: z.literal('vllm'),
      /** Required. */
      model,
      template: template.optional(),
      label,
      activation: oneOf('none', 'server').optional(),
      batch_size: batchSize,
    }),
    z.strictObject({
      ...overHttp,
      protocol: z.literal('slime'),
      template: template.optional(),
      model: model.optional(),
      score_key: text('a member of the reply').optional(),
    }),
    z.strictObject({
      ...common,
      protocol: z.literal('oip'),
      /** Required. */
      address: text('host:port'),
      /** Required. */
      model,
      version: text('a version').optional(),
      prompt_input: text('the name of an input').optional(),
      response_input: text('the name of an input').optional(),
      text_input: text('the name of an input').optional(),
      template: template.optional(),
      output: text('the name of an output').optional(),
      label,
      batch_size: batchSize,
      tls: tls.optional(),
    }),
  ],
  { error: 'a mapping with protocol: openrlhf, vllm, slime or oip, and what it takes' },
);

/** Settings that name files, of every kind of reward model; a word that stands for no file is left alone. */
export const PATH_FIELDS = ['path', 'rubric', 'baseline', 'template'] as const;
export const TLS_PATH_FIELDS = ['ca', 'cert', 'key'] as const;
export const NO_PATH = 'concatenate';

/** @file The reward service's variables. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import {
  adminAddressVariable,
  adminTlsVariables,
  choiceVariable,
  durationMsVariable,
  integerVariable,
  jsonVariable,
  optional,
  pathVariable,
  serviceVariables,
  type ConfigOf,
} from '#platform/config';
import { BATCH_TOKENS_MAX_DEFAULT } from '#ml/reward-models';
import type { BackendSpec } from './domain/backends/backend-kinds.js';
import { judgeSpec } from './domain/backends/llm-judge/judge-spec.js';
import { regexProblem } from './domain/backends/regex.js';
import { remoteSpec } from './domain/backends/remote/remote-spec.js';
import { FACADE_VARIABLES } from './facades/facade-variables.js';
import { LIFECYCLE_VARIABLES } from './lifecycle-variables.js';

const THREADS_MAX = 64;
const threads = z.number().int().min(1).max(THREADS_MAX).optional();

const absolutePath = z.string().refine(isAbsolute, 'expected an absolute path');

const classifierFields = {
  path: absolutePath,
  label: z.union([z.string().min(1), z.number().int().min(0)]).optional(),
  activation: z.enum(['none', 'sigmoid', 'softmax']).optional(),
  truncation: z.enum(['refuse', 'left', 'right']).optional(),
  max_tokens: z.number().int().min(1).optional(),
  threads,
};

const singleSpecs = [
  z.strictObject({ backend: z.literal('vader'), threads }),
  z.strictObject({ backend: z.literal('afinn'), threads }),
  z.strictObject({
    backend: z.literal('length'),
    unit: z.enum(['characters', 'words']).optional(),
    target: z.number().min(0).optional(),
    threads,
  }),
  z
    .strictObject({
      backend: z.literal('regex'),
      pattern: z.string().min(1),
      flags: z.string().optional(),
      score: z.enum(['match', 'count']).optional(),
      threads,
    })
    .superRefine(({ pattern, flags }, context) => {
      const problem = regexProblem(pattern, flags);
      if (problem !== undefined) context.addIssue({ code: 'custom', path: ['pattern'], message: problem });
    }),
  z.strictObject({
    backend: z.literal('module'),
    path: absolutePath,
    memory_mib: z
      .number()
      .int()
      .min(32)
      .max(2 ** 20)
      .optional(),
    threads,
  }),
  z.strictObject({ backend: z.literal('lm-classifier'), ...classifierFields }),
  z.strictObject({
    backend: z.literal('onnx-classifier'),
    ...classifierFields,
    file: z.string().min(1).optional(),
    input: z.enum(['pair', 'chat']).optional(),
    output: z.string().min(1).optional(),
  }),
  judgeSpec,
  remoteSpec,
] as const;

const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'expected letters, digits, ".", "_" and "-"');
const finite = z.number();

const ensembleMember = z.strictObject({
  name: modelName,
  model: z.discriminatedUnion('backend', singleSpecs),
  weight: finite.optional(),
  mean: finite.optional(),
  std: finite.positive().optional(),
});

/** One reward model, as a value of `REWARD_MODELS` and as it is staged. */
export const backendSpec = z.discriminatedUnion('backend', [
  ...singleSpecs,
  z.strictObject({
    backend: z.literal('ensemble'),
    members: z
      .array(ensembleMember)
      .min(1)
      .refine(
        (members) => new Set(members.map(({ name }) => name)).size === members.length,
        'expected names once each',
      ),
    combine: z.enum(['weighted_sum', 'minimum', 'mean_minus_std']).optional(),
    lambda: finite.min(0).optional(),
  }),
]);

const rewardModels: z.ZodType<Readonly<Record<string, BackendSpec>>> = z
  .record(modelName, backendSpec)
  .refine((models) => Object.keys(models).length > 0, 'expected at least one model');

const EXAMPLE = '{"sentiment":{"backend":"vader"},"mine":{"backend":"module","path":"/rewards/mine.mjs","threads":2}}';

export const REWARD_VARIABLES = {
  // Texts alone: some thousand responses. What a larger message of nonsense decodes to would take seconds, and the heap.
  ...serviceVariables('REWARD', { port: 50053, messageBytesMax: '8MiB' }),
  adminAddress: adminAddressVariable('REWARD', { port: 50054 }),
  ...adminTlsVariables('REWARD'),
  models: jsonVariable({
    name: 'REWARD_MODELS',
    description: 'Reward models by name.',
    default: '{"vader":{"backend":"vader"},"afinn":{"backend":"afinn"}}',
    rule: 'JSON object: name → {"backend": one of vader, afinn, length, regex, module, lm-classifier, onnx-classifier, llm-judge, remote, ensemble, and what that backend takes (README, Backends)}',
    example: EXAMPLE,
    schema: rewardModels,
  }),
  backendTimeoutMs: durationMsVariable({
    name: 'REWARD_BACKEND_TIMEOUT_MS',
    description: 'Longest time for scoring one response; then its thread is ended and started anew.',
    default: '30000',
    min: 1,
  }),
  loadTimeoutMs: durationMsVariable({
    name: 'REWARD_LOAD_TIMEOUT_MS',
    description: 'Longest time for loading one reward model.',
    default: '60000',
    min: 1,
  }),
  queueResponsesMax: integerVariable({
    name: 'REWARD_QUEUE_RESPONSES_MAX',
    description: 'Most responses that wait for one reward model or are being scored by it.',
    default: '8192',
    min: 1,
  }),
  concurrentRequestsMax: integerVariable({
    name: 'REWARD_CONCURRENT_REQUESTS_MAX',
    description: 'Most calls under way at once, through all doors together; more get REQUESTS_FULL (HTTP 429).',
    default: '512',
    min: 1,
  }),
  clientBatchSizeMax: integerVariable({
    name: 'REWARD_CLIENT_BATCH_SIZE_MAX',
    description: 'Most responses in one call; more get CLIENT_BATCH_TOO_LARGE.',
    default: '8192',
    min: 1,
  }),
  batching: choiceVariable({
    name: 'REWARD_BATCHING',
    description:
      "How a classifier's batches are made: of the responses of all calls, or of one call after the other. Scores are the same bits.",
    choices: ['across_calls', 'per_call'],
    default: 'across_calls',
  }),
  batchTokensMax: integerVariable({
    name: 'REWARD_BATCH_TOKENS_MAX',
    description: "Most tokens of a classifier's batch, padding included; a longer response is a batch alone.",
    default: String(BATCH_TOKENS_MAX_DEFAULT),
    min: 1,
  }),
  batchWaitMs: durationMsVariable({
    name: 'REWARD_BATCH_WAIT_MS',
    description: 'How long a response may wait for others to fill its batch; one that is alone never waits.',
    default: '0',
  }),
  requestCachePath: optional(
    pathVariable({
      name: 'REWARD_REQUEST_CACHE_PATH',
      description:
        'File that remembers which requests began and what they bought, so that a restart pays for nothing twice; absent, memory alone remembers.',
      example: '/var/lib/metaapo/requests.sqlite',
    }),
  ),
  ...LIFECYCLE_VARIABLES,
  ...FACADE_VARIABLES,
};

export type RewardConfig = ConfigOf<typeof REWARD_VARIABLES>;

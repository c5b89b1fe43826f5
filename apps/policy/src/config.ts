/** @file Configuration of the policy service; the README's table is made from it. */
import {
  HUB_VARIABLES,
  adminAddressVariable,
  adminTlsVariables,
  bytesVariable,
  choiceVariable,
  integerVariable,
  pathVariable,
  serviceVariables,
  type ConfigOf,
} from '#platform/config';

export const POLICY_VARIABLES = {
  ...serviceVariables('POLICY', { port: 50051 }),
  adminAddress: adminAddressVariable('POLICY', { port: 50052 }),
  ...adminTlsVariables('POLICY'),
  modelPath: pathVariable({
    name: 'POLICY_MODEL_PATH',
    description:
      'The model: a Hugging Face folder (config.json, safetensors, tokenizer.json, chat template), a GGUF file, or a name on the Hub, org/model[@revision][:file.gguf]; a path that exists wins.',
    example: '/models/base',
  }),
  executionProvider: choiceVariable({
    name: 'POLICY_EXECUTION_PROVIDER',
    description: 'ONNX Runtime execution provider. One that is not there is an error, never a silent fall-back.',
    choices: ['cpu', 'cuda', 'webgpu'],
    default: 'cpu',
  }),
  deviceDtype: choiceVariable({
    name: 'POLICY_DEVICE_DTYPE',
    description:
      'Element type of the matrices that stay on a device; the embedding, the head, norms and adapters are float32 always. auto takes bfloat16 with cuda, else float32.',
    choices: ['auto', 'float32', 'float16', 'bfloat16'],
    default: 'auto',
  }),
  decodePrecision: choiceVariable({
    name: 'POLICY_DECODE_PRECISION',
    description:
      'Weights that tokens are drawn with. int8 is faster where the processor multiplies bytes (VNNI), not elsewhere, and takes a session of its own per policy; GetPolicy reports its measured divergence from float32. Scores and gradients are float32 always.',
    choices: ['float32', 'int8'],
    default: 'float32',
  }),
  threads: integerVariable({
    name: 'POLICY_THREADS',
    description:
      'Threads that ONNX Runtime computes with; 0 takes one per physical core. The last bits of results depend on it: give every replica the same.',
    default: '2',
    min: 0,
    max: 1024,
  }),
  adapterCacheBytes: bytesVariable({
    name: 'POLICY_ADAPTER_CACHE_BYTES',
    description: 'Most memory for resident adapters, merged weights included.',
    default: '2GiB',
  }),
  queueUnitsMax: integerVariable({
    name: 'POLICY_QUEUE_UNITS_MAX',
    description: 'Most units that wait for the engine; more get QUEUE_FULL.',
    default: '64',
    min: 1,
    max: 100_000,
  }),
  unitItemsMax: integerVariable({
    name: 'POLICY_UNIT_ITEMS_MAX',
    description: 'Most items in one unit.',
    default: '256',
    min: 1,
    max: 100_000,
  }),
  samplesPerPromptMax: integerVariable({
    name: 'POLICY_SAMPLES_PER_PROMPT_MAX',
    description: 'Most samples per prompt.',
    default: '64',
    min: 1,
    max: 10_000,
  }),
  ...HUB_VARIABLES,
} as const;

export type PolicyConfig = ConfigOf<typeof POLICY_VARIABLES>;

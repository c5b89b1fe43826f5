/**
 * @file The sections of a run's configuration other than the algorithm, as zod schemas. Keys keep their YAML spelling.
 */
import { z } from 'zod';
import { flag, integer, names, oneOf, path, real, text } from './fields.js';

/** A pattern, or names. */
const modules = z.union([text('a pattern'), names('module names', 1)], {
  error: 'all-linear, a pattern for names of modules, or a list of at least one module name, each once',
});

function patterns<V extends z.ZodType>(what: string, value: V) {
  return z.record(z.string(), value, { error: `a mapping of patterns to ${what}` });
}

/** Low-rank updates of linear layers, arXiv 2106.09685. Has no effect with `training: full`. */
export const loraSection = z.strictObject({
  /** Rank of the update, in [1, 1024]. Default 8. */
  rank: integer(1, 1024).default(8),
  /** PEFT's `lora_alpha`: the update is scaled by alpha / rank. Range (0, ∞). Default 16. */
  alpha: real({ min: 0, minOpen: true }).default(16),
  /** Scale by alpha / √rank instead (rsLoRA, arXiv 2312.03732). Default false. */
  rank_stabilized: flag().default(false),
  /**
   * Layers that carry an update, by PEFT's rules: a list of names and of their ends, a pattern for whole names, or
   * `all-linear`. Default: all seven of a Llama layer.
   */
  target_modules: modules.default(['down_proj', 'gate_proj', 'k_proj', 'o_proj', 'q_proj', 'up_proj', 'v_proj']),
  /** Layers that carry none, by the same rules. Default none. */
  exclude_modules: modules.optional(),
  /** Numbers of the layers that carry updates, with a list of `target_modules`. Default all. */
  layers_to_transform: z
    .array(integer(0, 100_000), { error: 'a list of layer numbers' })
    .refine((layers) => layers.length > 0, { error: 'at least one layer number' })
    .optional(),
  /** Names or patterns of the list that layers are counted in. Default any. */
  layers_pattern: names('names of lists', 1).optional(),
  /** Pattern for the end of a module's name → its rank, where it is another. The first that fits counts. Default none. */
  rank_pattern: patterns('ranks', integer(1, 1024)).optional(),
  /** The same for alpha. Default none. */
  alpha_pattern: patterns('alphas', real({ min: 0, minOpen: true })).optional(),
  /** How A starts; B starts at zero. `kaiming`: uniform in ±1/√in, PEFT's default. `gaussian`: deviation 1/rank. */
  init: oneOf('kaiming', 'gaussian').default('kaiming'),
});

export const modelSection = z.strictObject({
  /** Required. Hugging Face model folder (config.json, safetensors, tokenizer.json) or GGUF file. */
  path: path('a Hugging Face model folder or a GGUF file'),
  /** What is trained: low-rank updates, or every tensor. Default `lora`. */
  training: oneOf('lora', 'full').default('lora'),
  /**
   * Weights that samples are drawn with. `int8` is faster where the processor multiplies bytes; the policy reports how far
   * it draws otherwise than float32. Scores and gradients are float32 always. Default `float32`.
   */
  decode_precision: oneOf('float32', 'int8').default('float32'),
  lora: loraSection.prefault({}),
});

export const dataSection = z.strictObject({
  /** Required. Preference pairs, JSON lines or Parquet, in TRL's formats or UltraFeedback-binarized's columns. */
  train: path('a .jsonl or .parquet file of preference pairs'),
  /** Bad rows that are skipped and counted before the run refuses the file. Range [0, 1e9]. Default 0. */
  max_bad_rows: integer(0, 1e9).default(0),
  /** Rows kept after the seeded shuffle; null keeps all. Range [1, 1e9]. Default null. */
  max_rows: integer(1, 1e9).nullable().default(null),
});

export const optimizerSection = z.strictObject({
  /** AdamW's peak learning rate in the iterations. Range (0, ∞). Default 5e-7, the authors' for 8 B parameters. */
  learning_rate: real({ min: 0, minOpen: true }).default(5e-7),
  /** The same in the warm-up. Range (0, ∞). Default 5e-7. */
  warm_up_learning_rate: real({ min: 0, minOpen: true }).default(5e-7),
  /** Decay rates of the moments, each in [0, 1). Default [0.9, 0.95], the authors'. */
  betas: z
    .tuple([real({ min: 0, max: 1, maxOpen: true }), real({ min: 0, max: 1, maxOpen: true })], {
      error: 'two numbers in [0, 1)',
    })
    .default([0.9, 0.95]),
  /** Added to the root of the second moment. Range (0, ∞). Default 1e-8. */
  eps: real({ min: 0, minOpen: true }).default(1e-8),
  /** Decoupled weight decay. Range [0, ∞). Default 0, the authors'. */
  weight_decay: real({ min: 0 }).default(0),
  /** Largest gradient norm, (0, ∞). Default 1, the authors'. */
  clip: real({ min: 0, minOpen: true }).default(1),
  schedule: z
    .strictObject({
      /** Course of the learning rate; it starts anew in each iteration. Default `cosine`. */
      kind: oneOf('cosine', 'constant').default('cosine'),
      /** Last learning rate over the peak, in [0, 1]. Default 0.1, the authors'. Only for `cosine`. */
      min_ratio: real({ min: 0, max: 1 }).default(0.1),
      /** Share of steps with a rising learning rate, in [0, 1). Default 0.03, the authors'. Only for `cosine`. */
      warm_up_ratio: real({ min: 0, max: 1, maxOpen: true }).default(0.03),
    })
    .prefault({}),
  /** Prompts per optimizer step; a last batch that is not full is trained on too. Range [1, 65536]. Default 128. */
  batch_size: integer(1, 65536).default(128),
  /**
   * Order of an iteration's pairs. `shuffled`: anew in each iteration; training begins when all are paired. `data`: as the
   * run's own seeded shuffle has them; training begins with the first full batch, beside scoring, sampling and annotation,
   * and the schedule follows the place among the rows instead of the steps. Default `shuffled`.
   */
  order: oneOf('shuffled', 'data').default('shuffled'),
});

const maxNewTokens = integer(1, 1_000_000);

export const samplingSection = z.strictObject({
  /** Softmax temperature of training samples. Range (0, 100]: greedy samples of a prompt would all be the same. Default 1. */
  temperature: real({ min: 0, max: 100, minOpen: true }).default(1),
  /** Keep the k most likely tokens; 0 keeps all. Range [0, 1e6]. Default 0. */
  top_k: integer(0, 1_000_000).default(0),
  /** Keep the smallest set of tokens with this probability. Range (0, 1]. Default 1. */
  top_p: real({ min: 0, max: 1, minOpen: true }).default(1),
  /** Most new tokens. Range [1, context length]. Default 512. */
  max_new_tokens: maxNewTokens.default(512),
  /** Texts that end a sample; at most 16. Default none. */
  stop: z
    .array(text('a text that is not empty'), { error: 'a list of texts' })
    .refine((list) => list.length <= 16, { error: 'at most 16 texts' })
    .default([]),
});

export const evaluationSection = z.strictObject({
  /** Held-out prompts, a file in any format of `data.train`; null evaluates nothing. Default null. */
  prompts: path('a file of held-out prompts').nullable().default(null),
  /** Prompts used, from the start of the file. Range [1, 100000]. Default 200. */
  count: integer(1, 100_000).default(200),
  /** Names of reward models that judge beside the training reward and never train. Default none. */
  judges: names('reward model names', 0).default([]),
  /** Prompts whose responses the report shows, at most `count`. Range [0, 100]. Default 6. */
  examples: integer(0, 100).default(6),
  /** Most new tokens of an evaluated sample; null is `sampling.max_new_tokens`. Default null. */
  max_new_tokens: maxNewTokens.nullable().default(null),
  /** Evaluate after every iteration, not only before the warm-up, after it, and at the end. Default false. */
  every_iteration: flag().default(false),
});

export const unitsSection = z.strictObject({
  /** Prompts per scoring unit. Range [1, 4096]. Default 16. */
  score_items: integer(1, 4096).default(16),
  /** Prompts per generation unit. Range [1, 4096]. Default 8. */
  generate_items: integer(1, 4096).default(8),
  /** Prompts per annotation unit. Range [1, 4096]. Default 16. */
  annotate_items: integer(1, 4096).default(16),
  /** Prompts per gradient unit, two pairs each. Range [1, 4096]. Default 8. */
  gradient_items: integer(1, 4096).default(8),
  /**
   * Units in flight at once. Range [1, 256]. Default 2. Results do not depend on it, so the configuration's digest
   * leaves it out: a run may go on at another concurrency.
   */
  concurrency: integer(1, 256).default(2),
});

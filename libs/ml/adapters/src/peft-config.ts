/** @file adapter_config.json: what it says about the layers, and the refusal of all that we would compute wrongly. */
import { FeatureUnsupportedError } from '#ml/checkpoint';
import type { LoraSpec, ModuleNumbers } from './adapter.js';
import { AdapterInvalidError } from './adapter.errors.js';
import type { LoraInit } from './initial-lora.js';
import type { LoraRules } from './resolve-lora.js';

/** Settings of PEFT that change the computation, with the values that leave it as it is. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  bias: ['none'],
  // Others, PiSSA and LoftQ among them, changed the base's own weights when training began.
  init_lora_weights: [true, false, 'gaussian', 'orthogonal', 'eva'],
  fan_in_fan_out: [false],
  lora_bias: [false],
  use_dora: [false],
  use_qalora: [false],
  use_bdlora: [false],
  modules_to_save: [],
  layer_replication: [],
  target_parameters: [],
  trainable_token_indices: [],
  alora_invocation_tokens: [],
  arrow_config: [],
  kasa_config: [],
  monteclora_config: [],
  velora_config: [],
  megatron_config: [],
  ensure_weight_tying: [false],
};

/** Settings that are read, and those that say nothing about what a trained adapter computes. */
const KNOWN = new Set([
  ...Object.keys(NEUTRAL),
  'alpha_pattern',
  'auto_mapping',
  'base_model_name_or_path',
  'corda_config',
  'eva_config',
  'exclude_modules',
  'inference_mode',
  'layers_pattern',
  'layers_to_transform',
  'loftq_config',
  'lora_alpha',
  'lora_dropout',
  'lora_ga_config',
  'megatron_core',
  'peft_type',
  'peft_version',
  'qalora_group_size',
  'r',
  'rank_pattern',
  'revision',
  'runtime_config',
  'target_modules',
  'task_type',
  'use_rslora',
]);

/** PEFT's settings as a file holds them. */
export type PeftConfig = Readonly<Record<string, unknown>>;

/** @throws FeatureUnsupportedError naming the setting */
export function refuseUnsupported(config: PeftConfig, path: string): void {
  if (config['peft_type'] !== 'LORA') {
    throw new FeatureUnsupportedError(path, `peft_type: ${shown(config['peft_type'])}`, 'LORA');
  }
  for (const [name, value] of Object.entries(config)) {
    const neutral = Object.hasOwn(NEUTRAL, name) ? (NEUTRAL[name] ?? []) : [false];
    if (isEmpty(value) || (KNOWN.has(name) && !Object.hasOwn(NEUTRAL, name)) || neutral.includes(value)) continue;
    throw new FeatureUnsupportedError(path, `${name}: ${shown(value)}`, neutral[0] ? shown(neutral[0]) : 'unset');
  }
}

/** Which layers the settings update, and how strongly. @throws AdapterInvalidError with everything that is malformed */
export function loraRulesOf(config: PeftConfig, path: string): LoraRules {
  const problems: string[] = [];
  const read = <T>(name: string, expected: string, check: (value: unknown) => value is T, otherwise: T): T => {
    const value = config[name];
    if (value === null || value === undefined) return otherwise;
    if (check(value)) return value;
    problems.push(`${name}: expected ${expected}, got ${shown(value)}`);
    return otherwise;
  };
  const patterns = 'a mapping of patterns to numbers';
  const layers = read('layers_to_transform', 'a layer number or a list of them', isLayers, []);
  const lists = read('layers_pattern', 'a pattern or a list of them', isNames, []);
  const rules: LoraRules = {
    rank: read('r', 'a number', isNumber, Number.NaN),
    alpha: read('lora_alpha', 'a number', isNumber, Number.NaN),
    rankStabilized: read('use_rslora', 'true or false', isFlag, false),
    targetModules: read('target_modules', 'a pattern or a list of module names', isNames, []),
    excludeModules: read('exclude_modules', 'a pattern or a list of module names', isNames, []),
    layersToTransform: typeof layers === 'number' ? [layers] : layers,
    layersPattern: typeof lists === 'string' ? [lists] : lists,
    rankPattern: read('rank_pattern', patterns, isNumbers, {}),
    alphaPattern: read('alpha_pattern', patterns, isNumbers, {}),
  };
  const absent = ['r', 'lora_alpha', 'target_modules'].filter(
    (name) => config[name] === null || config[name] === undefined,
  );
  problems.push(...absent.map((name) => `${name} is missing`));
  if (problems.length > 0) throw new AdapterInvalidError(path, problems.join('; '));
  return rules;
}

export interface PeftConfigOptions {
  /** What `base_model_name_or_path` says. */
  readonly baseModel: string;
  readonly init: LoraInit;
  /** True where the head `score` of a sequence classifier is saved with the factors. */
  readonly isClassifier: boolean;
}

/** The settings that PEFT needs to make the same layers of a spec. */
export function peftConfigOf(spec: LoraSpec, { baseModel, init, isClassifier }: PeftConfigOptions): PeftConfig {
  return {
    alpha_pattern: spec.alphaByModule ?? {},
    base_model_name_or_path: baseModel,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: init === 'gaussian' ? 'gaussian' : true,
    lora_alpha: spec.alpha,
    lora_dropout: 0,
    modules_to_save: isClassifier ? ['score'] : null,
    peft_type: 'LORA',
    r: spec.rank,
    rank_pattern: spec.rankByModule ?? {},
    target_modules: [...spec.targetModules],
    task_type: isClassifier ? 'SEQ_CLS' : 'CAUSAL_LM',
    use_dora: false,
    use_rslora: spec.rankStabilized,
  };
}

/** Null, absent, {} and [] all mean that PEFT does nothing. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isNames(value: unknown): value is string | string[] {
  return typeof value === 'string' || (Array.isArray(value) && value.every((name) => typeof name === 'string'));
}

function isLayers(value: unknown): value is number | number[] {
  return Number.isSafeInteger(value) || (Array.isArray(value) && value.every((layer) => Number.isSafeInteger(layer)));
}

function isNumbers(value: unknown): value is ModuleNumbers {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((number) => isNumber(number))
  );
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}

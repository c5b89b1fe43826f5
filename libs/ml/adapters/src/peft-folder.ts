/**
 * @file LoRA adapters on disk, as PEFT reads and writes them: adapter_config.json and adapter_model.safetensors.
 *
 * Reading refuses by name whatever PEFT can express and we would compute wrongly; writing names only what PEFT needs.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '#core';
import { FeatureUnsupportedError } from '#ml/checkpoint';
import { readF32Tensors, writeTensors } from '#ml/tensor';
import type { Adapter, LoraSpec } from './adapter.js';
import { AdapterInvalidError } from './adapter.errors.js';
import { ALL_LINEAR, type BaseShapes } from './lora-names.js';
import { checkLoraSpec, targetModulesOf, validateAdapter } from './validate-adapter.js';

export const ADAPTER_CONFIG_FILE = 'adapter_config.json';
export const ADAPTER_WEIGHTS_FILE = 'adapter_model.safetensors';

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
  layers_to_transform: [],
  layers_pattern: [],
  layer_replication: [],
  exclude_modules: [],
  target_parameters: [],
  trainable_token_indices: [],
  alora_invocation_tokens: [],
  arrow_config: [],
  kasa_config: [],
  monteclora_config: [],
  velora_config: [],
  rank_pattern: [],
  alpha_pattern: [],
};

/** Reads an adapter folder and checks it against the base it is for. */
export async function readPeftFolder(dir: string, base: BaseShapes): Promise<Adapter> {
  const path = join(dir, ADAPTER_CONFIG_FILE);
  const config = await readConfig(path);
  refuseUnsupported(config, path);
  const weights = join(dir, ADAPTER_WEIGHTS_FILE);
  const tensors = await readWeights(weights);
  const spec = parseSpec(config, targetModulesOf(tensors.keys(), weights), path);
  const adapter: Adapter = { spec, tensors };
  validateAdapter(adapter, base, dir);
  return adapter;
}

export interface WritePeftOptions {
  /** What `base_model_name_or_path` says, so that PEFT finds the base; a name on the Hub or a relative path. */
  readonly baseModel: string;
}

/** Writes a LoRA adapter as a folder that PEFT opens. @throws AdapterInvalidError for full-parameter adapters. */
export async function writePeftFolder(
  dir: string,
  { spec, tensors }: Adapter,
  options: WritePeftOptions,
): Promise<void> {
  if (spec.kind !== 'lora') {
    throw new AdapterInvalidError(dir, 'PEFT holds LoRA adapters only; save full weights as a model folder');
  }
  const config = {
    base_model_name_or_path: options.baseModel,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: spec.alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: spec.rank,
    target_modules: [...spec.targetModules],
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: spec.rankStabilized,
  };
  await mkdir(dir, { recursive: true });
  await writeTensors(join(dir, ADAPTER_WEIGHTS_FILE), tensors);
  await writeFile(join(dir, ADAPTER_CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
}

function parseSpec(config: Record<string, unknown>, present: string[], path: string): LoraSpec {
  const { r, lora_alpha: alpha, use_rslora: rankStabilized = false, target_modules: targets } = config;
  if (typeof r !== 'number' || typeof alpha !== 'number') {
    throw new AdapterInvalidError(path, `expected numbers r and lora_alpha, got ${shown(r)} and ${shown(alpha)}`);
  }
  const listed = targets === 'all-linear' ? [...ALL_LINEAR] : targets;
  const isNames = Array.isArray(listed) && listed.every((name) => typeof name === 'string');
  if (!isNames) throw new FeatureUnsupportedError(path, `target_modules: ${shown(targets)}`, 'a list of module names');
  const suffixes = [...new Set(listed.map((name) => name.split('.').at(-1) ?? name))].sort();
  if (suffixes.join() !== present.join()) {
    throw new AdapterInvalidError(
      path,
      `target_modules are ${suffixes.join(', ')}, the weights hold ${present.join(', ')}`,
    );
  }
  const spec: LoraSpec = {
    kind: 'lora',
    rank: r,
    alpha,
    rankStabilized: rankStabilized === true,
    targetModules: suffixes,
  };
  checkLoraSpec(spec, path);
  return spec;
}

function refuseUnsupported(config: Record<string, unknown>, path: string): void {
  if (config['peft_type'] !== 'LORA') {
    throw new FeatureUnsupportedError(path, `peft_type: ${shown(config['peft_type'])}`, 'LORA');
  }
  for (const [name, neutral] of Object.entries(NEUTRAL)) {
    const value = config[name];
    if (isEmpty(value) || neutral.includes(value)) continue;
    throw new FeatureUnsupportedError(path, `${name}: ${shown(value)}`, neutral.length ? shown(neutral[0]) : 'unset');
  }
}

/** Null, absent, {} and [] all mean that PEFT does nothing. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new AdapterInvalidError(path, `cannot be read as JSON: ${messageOf(cause)}`, cause);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw new AdapterInvalidError(path, 'is not a JSON object');
}

async function readWeights(path: string): Promise<Adapter['tensors']> {
  try {
    return await readF32Tensors(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new AdapterInvalidError(path, 'is missing', cause);
  }
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}

/**
 * @file Which layers see everything and which a window, and which rotate: from config.json, by the rules of each family.
 *
 * Source: transformers 5.23, `configuration_*.py`. A `layer_types` that a family's model does not read is refused where
 * it says something else than the model computes.
 */
import { FeatureUnsupportedError } from './checkpoint.errors.js';
import { CONFIG_DEFAULTS } from './config-defaults.js';
import type { ConfigFields } from './config-fields.js';
import type { Architecture, LayerType, ModelConfig } from './model-config.js';

export type LayerPlan = Pick<ModelConfig, 'layerTypes' | 'slidingWindow' | 'rotaryLayers'>;

const NAMES: Readonly<Record<string, LayerType>> = { full_attention: 'full', sliding_attention: 'sliding' };
/** Families whose models go by `layer_types`. */
const BY_LAYER_TYPES: readonly Architecture[] = [
  'Qwen2ForCausalLM',
  'Qwen3ForCausalLM',
  'Gemma3ForCausalLM',
  'SmolLM3ForCausalLM',
];
const FIRST_WINDOW_LAYER_DEFAULT = 28;
const GEMMA3_PATTERN_DEFAULT = 6;
const NOPE_INTERVAL_DEFAULT = 4;
/** ONNX Runtime ends the process over a product of empty matrices, and a window of one would make some. */
const WINDOW_MIN = 2;

export function parseLayers(fields: ConfigFields, architecture: Architecture, layerCount: number): LayerPlan {
  const rotaryLayers = rotaryLayersOf(fields, architecture, layerCount);
  const window = windowOf(fields, architecture);
  const slides = slidingRule(fields, architecture, { window, rotaryLayers });
  const implied = Array.from({ length: layerCount }, (_, layer): LayerType => (slides(layer) ? 'sliding' : 'full'));
  const layerTypes = statedTypes(fields, architecture, implied) ?? implied;
  if (!layerTypes.includes('sliding')) return { layerTypes, slidingWindow: null, rotaryLayers };
  if (window === null || window < WINDOW_MIN) {
    throw fields.wrong('sliding_window', `at least ${WINDOW_MIN}, since layers slide`, window ?? undefined);
  }
  return { layerTypes, slidingWindow: window, rotaryLayers };
}

function windowOf(fields: ConfigFields, architecture: Architecture): number | null {
  const { slidingWindow } = CONFIG_DEFAULTS[architecture];
  if (architecture === 'LlamaForCausalLM' || architecture === 'Olmo2ForCausalLM') return null;
  const isQwen = architecture === 'Qwen2ForCausalLM' || architecture === 'Qwen3ForCausalLM';
  if (isQwen && !fields.flag('use_sliding_window', false)) return null;
  if (fields.raw('sliding_window') === undefined) return fields.isNull('sliding_window') ? null : slidingWindow;
  return fields.size('sliding_window');
}

/** What a family does where `layer_types` does not say. */
function slidingRule(
  fields: ConfigFields,
  architecture: Architecture,
  { window, rotaryLayers }: { readonly window: number | null; readonly rotaryLayers: readonly boolean[] },
): (layer: number) => boolean {
  switch (architecture) {
    case 'LlamaForCausalLM':
    case 'Olmo2ForCausalLM':
      return () => false;
    case 'MistralForCausalLM':
    case 'Phi3ForCausalLM':
      return () => window !== null;
    case 'Qwen2ForCausalLM':
    case 'Qwen3ForCausalLM': {
      const first = fields.count('max_window_layers', FIRST_WINDOW_LAYER_DEFAULT);
      return (layer) => window !== null && layer >= first;
    }
    case 'SmolLM3ForCausalLM': {
      const isOn = fields.flag('use_sliding_window', false) && window !== null;
      return (layer) => isOn && rotaryLayers[layer] === false;
    }
    case 'Gemma3ForCausalLM': {
      const pattern = fields.size('sliding_window_pattern', GEMMA3_PATTERN_DEFAULT);
      return (layer) => (layer + 1) % pattern !== 0;
    }
    default:
      return architecture satisfies never;
  }
}

function statedTypes(
  fields: ConfigFields,
  architecture: Architecture,
  implied: readonly LayerType[],
): LayerType[] | undefined {
  const stated = fields.raw('layer_types');
  if (stated === undefined) return undefined;
  if (!Array.isArray(stated) || stated.length !== implied.length) {
    throw fields.wrong('layer_types', `a list of ${implied.length} names, one per layer`, stated);
  }
  return stated.map((name: unknown, layer) => {
    const type = typeof name === 'string' && Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    if (type !== undefined && (type === implied[layer] || BY_LAYER_TYPES.includes(architecture))) return type;
    const supported = BY_LAYER_TYPES.includes(architecture)
      ? Object.keys(NAMES).join(', ')
      : `${implied[layer]}_attention`;
    throw new FeatureUnsupportedError(
      fields.path,
      `layer_types with ${JSON.stringify(name)} at layer ${layer}`,
      supported,
    );
  });
}

/** SmolLM3 leaves queries and keys of some layers as they are; `no_rope_layers` says 1 for those that are rotated. */
function rotaryLayersOf(fields: ConfigFields, architecture: Architecture, layerCount: number): boolean[] {
  const layers = Array.from({ length: layerCount }, (_, layer) => layer);
  if (architecture !== 'SmolLM3ForCausalLM') return layers.map(() => true);
  if (fields.raw('no_rope_layers') === undefined) {
    const interval = fields.size('no_rope_layer_interval', NOPE_INTERVAL_DEFAULT);
    return layers.map((layer) => (layer + 1) % interval !== 0);
  }
  const flags = fields.raw('no_rope_layers');
  if (Array.isArray(flags) && flags.length >= layerCount && flags.every((flag) => flag === 0 || flag === 1)) {
    return layers.map((layer) => flags[layer] === 1);
  }
  throw fields.wrong('no_rope_layers', `at least ${layerCount} flags, 0 or 1`, flags);
}

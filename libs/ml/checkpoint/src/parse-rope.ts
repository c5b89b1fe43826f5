/**
 * @file Rotary positions from config.json, in the layouts of transformers 4 (`rope_theta`, `rope_scaling`) and 5
 * (`rope_parameters`). What one layout or field takes over from another is as in transformers' `modeling_rope_utils.py`.
 */
import { FeatureUnsupportedError, RopeTypeUnsupportedError } from './checkpoint.errors.js';
import { CONFIG_DEFAULTS } from './config-defaults.js';
import type { ConfigFields } from './config-fields.js';
import type { Architecture } from './model-config.js';
import { ROPE_KINDS, type RopeConfig } from './rope.js';

export interface RotaryPositions {
  /** First elements of a head that are rotated. */
  readonly rotaryDim: number;
  /** Of full layers. */
  readonly rope: RopeConfig;
  readonly slidingRope: RopeConfig;
}

interface Facts {
  readonly architecture: Architecture;
  readonly headDim: number;
  /** `max_position_embeddings` */
  readonly contextTokens: number;
}

/** Phi-3's original context length, where its config is silent. */
const PHI3_ORIGINAL_CONTEXT = 4096;
/** Base of Gemma 3's sliding layers, where its config is silent. */
const LOCAL_THETA_DEFAULT = 10_000;
const YARN_BETAS = { fast: 32, slow: 1 };

export function parseRotaryPositions(fields: ConfigFields, facts: Facts): RotaryPositions {
  if (facts.architecture === 'Gemma3ForCausalLM') return perLayerType(fields, facts);
  const scaling = fields.nested('rope_scaling');
  const stated = scaling && !scaling.isEmpty() ? scaling : fields.nested('rope_parameters');
  const nested = ['full_attention', 'sliding_attention'].find((type) => stated?.raw(type) !== undefined);
  if (stated && nested) throw stated.wrong(nested, 'one rope for all layers', stated.raw(nested));
  const rotaryDim = rotaryDimOf(fields, stated, facts);
  const theta = CONFIG_DEFAULTS[facts.architecture].ropeTheta;
  const rope = parseRope(fields, stated, { ...facts, rotaryDim, theta: fields.positive('rope_theta', theta) });
  return { rotaryDim, rope, slidingRope: rope };
}

/** Gemma 3: full layers may be scaled, sliding ones have a base of their own. */
function perLayerType(fields: ConfigFields, facts: Facts): RotaryPositions {
  const { headDim: rotaryDim } = facts;
  const stated = fields.nested('rope_parameters');
  if (stated && stated.raw('rope_type') !== undefined) {
    throw stated.wrong('rope_type', 'full_attention and sliding_attention, each with its own', stated.raw('rope_type'));
  }
  const full = stated?.nested('full_attention');
  const sliding = stated?.nested('sliding_attention');
  const theta = fields.positive('rope_theta', CONFIG_DEFAULTS[facts.architecture].ropeTheta);
  const localTheta = fields.positive('rope_local_base_freq', LOCAL_THETA_DEFAULT);
  for (const part of [fields, full, sliding]) refusePartial(part);
  return {
    rotaryDim,
    rope: parseRope(fields, fields.nested('rope_scaling') ?? full, { ...facts, rotaryDim, theta }),
    slidingRope: parseRope(fields, sliding, { ...facts, rotaryDim, theta: localTheta }),
  };
}

function rotaryDimOf(fields: ConfigFields, stated: ConfigFields | undefined, { architecture, headDim }: Facts): number {
  if (architecture !== 'Phi3ForCausalLM') {
    refusePartial(stated);
    refusePartial(fields);
    return headDim;
  }
  const share = stated?.raw('partial_rotary_factor') === undefined ? fields : stated;
  const factor = share.positive('partial_rotary_factor', 1);
  const dim = Math.trunc(headDim * factor);
  if (factor <= 1 && dim >= 2 && dim % 2 === 0) return dim;
  throw share.wrong('partial_rotary_factor', `a share of head_dim (${headDim}) that is even`, factor);
}

function refusePartial(fields: ConfigFields | undefined): void {
  const factor = fields?.raw('partial_rotary_factor') ?? 1;
  if (!fields || factor === 1) return;
  throw new FeatureUnsupportedError(fields.path, `partial_rotary_factor: ${JSON.stringify(factor)}`, '1');
}

interface RopeFacts extends Facts {
  readonly rotaryDim: number;
  /** Where the rope's own object does not say. */
  readonly theta: number;
}

function parseRope(fields: ConfigFields, stated: ConfigFields | undefined, facts: RopeFacts): RopeConfig {
  const kind = kindOf(fields, stated, facts.architecture);
  if (kind === 'default' || !stated)
    return { kind: 'default', theta: stated?.positive('rope_theta', facts.theta) ?? facts.theta };
  const theta = stated.positive('rope_theta', facts.theta);
  if (kind === 'linear' || kind === 'dynamic') return { kind, theta, factor: stated.positive('factor') };
  const originalContextTokens = originalContext(fields, stated, facts);
  switch (kind) {
    case 'llama3':
      return { ...llama3(stated), theta, originalContextTokens };
    case 'yarn':
      return { ...yarn(stated, facts.contextTokens / originalContextTokens), theta, originalContextTokens };
    case 'longrope':
      return { ...longRope(stated, originalContextTokens, facts), theta, originalContextTokens };
    default:
      return kind satisfies never;
  }
}

function kindOf(
  fields: ConfigFields,
  stated: ConfigFields | undefined,
  architecture: Architecture,
): RopeConfig['kind'] {
  const name = stated?.text('rope_type', stated.text('type', 'default')) ?? 'default';
  const isPhi3 = architecture === 'Phi3ForCausalLM';
  // Phi-3's own earlier names
  const kind = ROPE_KINDS.find((known) => known === (isPhi3 && (name === 'su' || name === 'yarn') ? 'longrope' : name));
  const supported = isPhi3 ? (['default', 'longrope'] as const) : ROPE_KINDS;
  if (kind && (supported as readonly string[]).includes(kind)) return kind;
  throw new RopeTypeUnsupportedError(fields.path, name, supported);
}

/** The length that a model was first trained on. */
function originalContext(fields: ConfigFields, stated: ConfigFields, facts: RopeFacts): number {
  const name = 'original_max_position_embeddings';
  if (fields.raw(name) !== undefined) return fields.size(name);
  if (facts.architecture === 'Phi3ForCausalLM') return PHI3_ORIGINAL_CONTEXT;
  return stated.size(name, facts.contextTokens);
}

function llama3(stated: ConfigFields) {
  const rope = {
    kind: 'llama3',
    factor: stated.positive('factor'),
    lowFrequencyFactor: stated.positive('low_freq_factor'),
    highFrequencyFactor: stated.positive('high_freq_factor'),
  } as const;
  if (rope.highFrequencyFactor > rope.lowFrequencyFactor) return rope;
  throw stated.wrong('high_freq_factor', 'more than low_freq_factor', rope.highFrequencyFactor);
}

function yarn(stated: ConfigFields, stretch: number) {
  const factor = stated.positive('factor', stretch);
  const scaleOf = (weight: number) => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
  const [weight, allWeight] = ['mscale', 'mscale_all_dim'].map((name) => stated.raw(name));
  const inferred =
    weight && allWeight ? scaleOf(stated.positive('mscale')) / scaleOf(stated.positive('mscale_all_dim')) : scaleOf(1);
  return {
    kind: 'yarn',
    factor,
    betaFast: stated.positive('beta_fast', YARN_BETAS.fast),
    betaSlow: stated.positive('beta_slow', YARN_BETAS.slow),
    truncate: stated.flag('truncate', true),
    attentionFactor: stated.positive('attention_factor', inferred),
  } as const;
}

function longRope(stated: ConfigFields, original: number, { rotaryDim, contextTokens }: RopeFacts) {
  const shortFactors = stated.numbers('short_factor', rotaryDim / 2);
  stated.numbers('long_factor', rotaryDim / 2);
  const factor = stated.positive('factor', contextTokens / original);
  const inferred = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
  return { kind: 'longrope', shortFactors, attentionFactor: stated.positive('attention_factor', inferred) } as const;
}

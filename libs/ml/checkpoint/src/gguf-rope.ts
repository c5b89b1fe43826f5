/**
 * @file Rotary positions of a GGUF file, in transformers' names. What has no name there is refused, never approximated.
 *
 * Llama 3's stretching stands in GGUF as one divisor per rotated pair (`rope_freqs.weight`), not as the four numbers
 * that it was made from. The numbers that give exactly these divisors are looked for among those in use; any other list
 * is taken as it is, as longrope's factors. Source: llama.cpp's convert_hf_to_gguf.py and llama-model.cpp.
 */
import { GgufUnsupportedError, type GgufArchitecture, type GgufFile } from '#ml/gguf';
import type { JsonObject } from './config-fields.js';
import { ropeInverseFrequencies } from './rope.js';

const THETA_DEFAULT = 10_000;
/** Gemma 3's sliding layers, where the file is silent. */
const LOCAL_THETA_DEFAULT = 10_000;
const LLAMA3_BORDERS = { low_freq_factor: 1, high_freq_factor: 4 };
/** Original context lengths to try: powers of two. */
const LLAMA3_CONTEXTS = Array.from({ length: 16 }, (_, power) => 2 ** (power + 4));
/** The divisors are float32. */
const DIVISOR_PRECISION = 2 ** -22;

/** Tensors that are part of the configuration: divisors of frequencies. */
export const ROPE_TENSORS = ['rope_freqs.weight', 'rope_factors_short.weight', 'rope_factors_long.weight'] as const;

/** Fields of config.json about rotary positions. */
export async function ggufRope(file: GgufFile, architecture: GgufArchitecture, headDim: number): Promise<JsonObject> {
  const { metadata } = file;
  const at = (key: string) => `${architecture}.rope.${key}`;
  const theta = metadata.number(at('freq_base')) ?? THETA_DEFAULT;
  const rotaryDim = metadata.integer(at('dimension_count')) ?? headDim;
  if (rotaryDim > headDim) {
    throw new GgufUnsupportedError(metadata.where, `${rotaryDim} rotated numbers`, `at most a head's ${headDim}`);
  }
  const contextTokens = metadata.integer(`${architecture}.context_length`) ?? 0;
  const scaling = (await divisors(file, { theta, rotaryDim, contextTokens })) ?? statedScaling(file, architecture);
  const original = metadata.integer(at('scaling.original_context_length'));
  return {
    rope_theta: theta,
    rope_scaling: scaling ?? null,
    ...(rotaryDim === headDim ? {} : { partial_rotary_factor: rotaryDim / headDim }),
    ...(architecture === 'gemma3'
      ? { rope_local_base_freq: metadata.number(at('freq_base_swa')) ?? LOCAL_THETA_DEFAULT }
      : {}),
    ...(architecture === 'phi3' && original !== undefined ? { original_max_position_embeddings: original } : {}),
  };
}

interface Rotation {
  readonly theta: number;
  readonly rotaryDim: number;
  readonly contextTokens: number;
}

/** Scaling that stands in the file as tensors. */
async function divisors(file: GgufFile, rotation: Rotation): Promise<JsonObject | undefined> {
  const [plain, short, long] = ROPE_TENSORS;
  if (file.tensors.has(short) && file.tensors.has(long)) {
    const attention = file.metadata.number('phi3.rope.scaling.attn_factor');
    return {
      rope_type: 'longrope',
      short_factor: [...(await file.readTensor(short)).data],
      long_factor: [...(await file.readTensor(long)).data],
      ...(attention === undefined ? {} : { attention_factor: attention }),
    };
  }
  if (!file.tensors.has(plain)) return undefined;
  const found = [...(await file.readTensor(plain)).data];
  if (found.every((divisor) => divisor === 1)) return undefined;
  return (
    llama3Like(found, rotation) ?? {
      rope_type: 'longrope',
      short_factor: found,
      long_factor: found,
      attention_factor: 1,
      original_max_position_embeddings: rotation.contextTokens,
    }
  );
}

/** The settings of Llama 3's rope that give these divisors, if there are any. */
function llama3Like(found: readonly number[], { theta, rotaryDim }: Rotation): JsonObject | undefined {
  if (found.length !== rotaryDim / 2) return undefined;
  const plain = ropeInverseFrequencies({ kind: 'default', theta }, rotaryDim);
  const factor = Math.max(...found);
  for (const original of LLAMA3_CONTEXTS) {
    const stretched = ropeInverseFrequencies(
      {
        kind: 'llama3',
        theta,
        factor,
        lowFrequencyFactor: LLAMA3_BORDERS.low_freq_factor,
        highFrequencyFactor: LLAMA3_BORDERS.high_freq_factor,
        originalContextTokens: original,
      },
      rotaryDim,
    );
    const fits = found.every((divisor, j) => Math.abs(plain[j]! / stretched[j]! / divisor - 1) <= DIVISOR_PRECISION);
    if (fits) return { rope_type: 'llama3', factor, ...LLAMA3_BORDERS, original_max_position_embeddings: original };
  }
  return undefined;
}

/** Scaling that stands in the metadata. A factor without a type is a linear one. */
function statedScaling({ metadata }: GgufFile, architecture: GgufArchitecture): JsonObject | undefined {
  const at = (key: string) => `${architecture}.rope.scaling.${key}`;
  const factor = metadata.number(at('factor')) ?? metadata.number(`${architecture}.rope.scale_linear`) ?? 0;
  const type = metadata.text(at('type')) ?? 'linear';
  const attention = metadata.number(at('attn_factor')) ?? 1;
  if (attention !== 1) {
    throw new GgufUnsupportedError(metadata.where, `${at('attn_factor')} of ${attention}`, '1');
  }
  // llama.cpp takes a factor of 0 as none.
  if (type === 'none' || (type === 'linear' && (factor === 0 || factor === 1))) return undefined;
  if (type === 'linear') return { rope_type: 'linear', factor };
  if (type !== 'yarn') throw new GgufUnsupportedError(metadata.where, `rope scaling of type ${type}`, 'linear, yarn');
  const original = at('original_context_length');
  const [fast, slow] = [metadata.number(at('yarn_beta_fast')), metadata.number(at('yarn_beta_slow'))];
  return {
    rope_type: 'yarn',
    factor,
    original_max_position_embeddings: metadata.required(original, metadata.integer(original)),
    ...(fast === undefined ? {} : { beta_fast: fast }),
    ...(slow === undefined ? {} : { beta_slow: slow }),
  };
}

/** @file The healthy files that mutants are made of: as small as files of their formats can be. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { f32Tensor, type F32Tensor, type TensorMap } from '#core';
import { openCheckpoint, parseModelConfig } from '#ml/checkpoint';
import { mergedModel, writeGgufModel } from '#ml/export';
import { gguf, writeGguf } from '#ml/gguf';
import { initialWeights } from '#ml/models';
import { MODEL_FILE, writeTensors } from '#ml/tensor';

export const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  bos_token_id: 1,
  eos_token_id: 2,
  head_dim: 4,
  hidden_act: 'silu',
  hidden_size: 8,
  intermediate_size: 12,
  max_position_embeddings: 64,
  model_type: 'llama',
  num_attention_heads: 2,
  num_hidden_layers: 1,
  num_key_value_heads: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: {
    rope_type: 'llama3',
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 32,
  },
  rope_theta: 10_000,
  tie_word_embeddings: true,
  torch_dtype: 'float32',
  vocab_size: 16,
};

export const GENERATION_CONFIG = {
  bos_token_id: 1,
  eos_token_id: [2, 3],
  pad_token_id: 0,
  temperature: 0.6,
  top_p: 0.9,
};

const special = (id: number, content: string) => {
  return { id, content, special: true, lstrip: false, rstrip: false, normalized: false, single_word: false };
};

export const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [special(0, '<pad>'), special(1, '<s>'), special(2, '</s>')],
  normalizer: { type: 'NFC' },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Digits', individual_digits: true },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    ],
  },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
  },
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: { '<pad>': 0, '<s>': 1, '</s>': 2, h: 3, e: 4, l: 5, o: 6, Ġ: 7, he: 8, ll: 9, hell: 10, hello: 11 },
    merges: ['h e', 'l l', 'he ll', 'hell o'],
  },
};

export const TOKENIZER_CONFIG = {
  bos_token: '<s>',
  eos_token: '</s>',
  pad_token: '<pad>',
  clean_up_tokenization_spaces: false,
};

export const ADAPTER_CONFIG = {
  base_model_name_or_path: 'base',
  bias: 'none',
  fan_in_fan_out: false,
  init_lora_weights: true,
  lora_alpha: 4,
  lora_dropout: 0,
  modules_to_save: null,
  peft_type: 'LORA',
  r: 2,
  rank_pattern: { q_proj: 3 },
  alpha_pattern: {},
  target_modules: ['q_proj', 'v_proj'],
  task_type: 'CAUSAL_LM',
  use_dora: false,
  use_rslora: false,
};

const LAYER = 'base_model.model.model.layers.0.self_attn';
const shaped = (...dims: number[]): F32Tensor =>
  f32Tensor(dims, new Float32Array(dims.reduce((a, b) => a * b)).fill(0.5));

const ADAPTER_TENSORS: TensorMap = new Map([
  [`${LAYER}.q_proj.lora_A.weight`, shaped(3, 8)],
  [`${LAYER}.q_proj.lora_B.weight`, shaped(8, 3)],
  [`${LAYER}.v_proj.lora_A.weight`, shaped(2, 8)],
  [`${LAYER}.v_proj.lora_B.weight`, shaped(4, 2)],
]);

/** Folders and files in a temporary place, and what they hold. */
export interface TinyModel {
  readonly root: string;
  readonly modelDir: string;
  readonly shardedDir: string;
  readonly adapterDir: string;
  readonly tensors: TensorMap;
  readonly weights: Buffer;
  readonly adapterWeights: Buffer;
  /** A few tensors of different types, with little else. */
  readonly gguf: Buffer;
  /** The whole model with its tokenizer, as `metaapo export` writes it. */
  readonly ggufModel: Buffer;
  readonly shardIndex: { readonly metadata: object; readonly weight_map: Record<string, string> };
}

export async function writeTinyModel(): Promise<TinyModel> {
  const root = mkdtempSync(join(tmpdir(), 'metaapo-fuzz-'));
  const [modelDir, shardedDir, adapterDir] = ['model', 'sharded', 'adapter'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  const tensors = initialWeights(parseModelConfig('config.json', CONFIG), 1);
  for (const dir of [modelDir, shardedDir]) {
    mkdirSync(dir);
    writeJson(join(dir, 'config.json'), CONFIG);
    writeJson(join(dir, 'generation_config.json'), GENERATION_CONFIG);
    writeJson(join(dir, 'tokenizer.json'), TOKENIZER);
    writeJson(join(dir, 'tokenizer_config.json'), TOKENIZER_CONFIG);
  }
  await writeTensors(join(modelDir, MODEL_FILE), tensors, { dtype: 'bf16' });
  const weight_map: Record<string, string> = {};
  for (const shard of [0, 1]) {
    const file = `model-0000${shard + 1}-of-00002.safetensors`;
    const part = [...tensors].filter((_, index) => index % 2 === shard);
    for (const [name] of part) weight_map[name] = file;
    await writeTensors(join(shardedDir, file), new Map(part));
  }
  mkdirSync(adapterDir);
  writeJson(join(adapterDir, 'adapter_config.json'), ADAPTER_CONFIG);
  await writeTensors(join(adapterDir, 'adapter_model.safetensors'), ADAPTER_TENSORS);
  await writeGguf(join(root, 'model.gguf'), {
    metadata: new Map([
      ['general.architecture', gguf.string('llama')],
      ['llama.block_count', gguf.uint32(1)],
      ['tokenizer.ggml.tokens', gguf.strings(['a', 'b', 'c'])],
    ]),
    tensors: [
      { name: 'token_embd.weight', type: 'Q8_0', dims: [4, 32], read: () => shaped(4, 32) },
      { name: 'blk.0.attn_q.weight', type: 'F16', dims: [2, 8], read: () => shaped(2, 8) },
      { name: 'output_norm.weight', type: 'F32', dims: [8], read: () => shaped(8) },
    ],
  });
  const ggufModelPath = join(root, 'whole.gguf');
  const merged = mergedModel(await openCheckpoint(modelDir));
  await writeGgufModel(ggufModelPath, merged, { type: 'F16', name: 'tiny' });
  return {
    root,
    modelDir,
    shardedDir,
    adapterDir,
    tensors,
    weights: readFileSync(join(modelDir, MODEL_FILE)),
    adapterWeights: readFileSync(join(adapterDir, 'adapter_model.safetensors')),
    gguf: readFileSync(join(root, 'model.gguf')),
    ggufModel: readFileSync(ggufModelPath),
    shardIndex: { metadata: { total_size: 1 }, weight_map },
  };
}

export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}

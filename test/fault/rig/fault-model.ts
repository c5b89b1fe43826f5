/** @file A model, data and a configuration so small that an undisturbed run takes a second or two. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rng } from '#core';
import { parseModelConfig } from '#ml/checkpoint';
import { initialWeights } from '#ml/models';
import { MODEL_FILE, writeTensors } from '#ml/tensor';

/** GPT-2's name for a space, letters and digits: one token each. */
const CHARACTERS = 'Ġabcdefghijklmnopqrstuvwxyz0123456789'.split('');
const SPECIAL = ['<pad>', '<s>', '</s>'];

const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  bos_token_id: 1,
  eos_token_id: 2,
  head_dim: 4,
  hidden_act: 'silu',
  hidden_size: 8,
  intermediate_size: 12,
  max_position_embeddings: 128,
  model_type: 'llama',
  num_attention_heads: 2,
  num_hidden_layers: 1,
  num_key_value_heads: 1,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  torch_dtype: 'float32',
  vocab_size: SPECIAL.length + CHARACTERS.length,
};

const TOKENIZER = {
  version: '1.0',
  added_tokens: SPECIAL.map((content, id) => {
    return { id, content, special: true, lstrip: false, rstrip: false, normalized: false, single_word: false };
  }),
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: Object.fromEntries([...SPECIAL, ...CHARACTERS].map((token, id) => [token, id])),
    merges: [],
  },
};

const RUN_CONFIG = `
name: fault
seed: 5
model: { path: model, lora: { rank: 2, alpha: 4, target_modules: [q_proj, v_proj] } }
data: { train: pairs.jsonl }
reward: billing
algorithm: { iterations: 2, samples_per_prompt: 3, meta: { period: 2 } }
optimizer: { learning_rate: 0.01, warm_up_learning_rate: 0.01, batch_size: 2, schedule: { kind: constant } }
sampling: { max_new_tokens: 6 }
evaluation: { prompts: held-out.jsonl, count: 2, judges: [afinn], examples: 1 }
units: { score_items: 4, generate_items: 2, annotate_items: 2, gradient_items: 1, concurrency: 2 }
`;

const WORDS = ['river', 'stone', 'light', 'the', 'of', 'and', 'winter', 'field', 'open', 'quiet'];
const ROW_COUNT = 12;
const HELD_OUT_COUNT = 2;

/** Writes model and data into a folder; returns where the model is and what a run is told. */
export async function writeFaultProject(folder: string): Promise<{ modelPath: string; configYaml: string }> {
  const modelPath = join(folder, 'model');
  mkdirSync(modelPath, { recursive: true });
  const json = (name: string, value: unknown): void => writeFileSync(join(modelPath, name), JSON.stringify(value));
  json('config.json', CONFIG);
  json('generation_config.json', { bos_token_id: 1, eos_token_id: 2 });
  json('tokenizer.json', TOKENIZER);
  json('tokenizer_config.json', { bos_token: '<s>', eos_token: '</s>', pad_token: '<pad>' });
  await writeTensors(join(modelPath, MODEL_FILE), initialWeights(parseModelConfig('config.json', CONFIG), 1));

  const sentence = (rng: Rng, words: number): string =>
    Array.from({ length: words }, () => WORDS[rng.below(WORDS.length)]).join(' ');
  const rows = Array.from({ length: ROW_COUNT }, (_, index) => {
    const rng = new Rng('fault rows', index);
    return { prompt: `${index} ${sentence(rng, 2)}`, chosen: ` ${sentence(rng, 3)}`, rejected: ` ${sentence(rng, 2)}` };
  });
  const heldOut = Array.from({ length: HELD_OUT_COUNT }, (_, index) => {
    return { prompt: sentence(new Rng('fault held out', index), 3) };
  });
  writeFileSync(join(folder, 'pairs.jsonl'), lines(rows));
  writeFileSync(join(folder, 'held-out.jsonl'), lines(heldOut));
  return { modelPath, configYaml: RUN_CONFIG };
}

function lines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** @file A model folder with random weights and a tokenizer of bytes, in a temporary place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelConfig } from '#ml/checkpoint';
import { initialWeights } from '#ml/models';
import { writeTensors } from '#ml/tensor';
import type { Shape } from './shapes.js';

const CONTEXT_TOKENS = 1024;
const BYTES = 256;
const END_TOKEN = '<|end|>';

export interface RandomModel {
  readonly folder: string;
  remove(): void;
}

/** Writes the folder. Equal shapes give equal weights. */
export async function randomModel(shape: Shape): Promise<RandomModel> {
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
    write('config.json', configOf(shape));
    write('tokenizer.json', byteTokenizer(shape.vocabulary));
    write('tokenizer_config.json', { eos_token: END_TOKEN });
    await writeTensors(join(folder, 'model.safetensors'), initialWeights(await readModelConfig(folder), 1));
  } catch (thrown) {
    remove();
    throw thrown;
  }
  return { folder, remove };
}

function configOf(shape: Shape) {
  return {
    architectures: ['LlamaForCausalLM'],
    eos_token_id: BYTES,
    head_dim: shape.headDim,
    hidden_act: 'silu',
    hidden_size: shape.hidden,
    intermediate_size: shape.feedForward,
    max_position_embeddings: CONTEXT_TOKENS,
    model_type: 'llama',
    num_attention_heads: shape.heads,
    num_hidden_layers: shape.layers,
    num_key_value_heads: shape.kvHeads,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: true,
    vocab_size: shape.vocabulary,
  };
}

/** GPT-2's printable stand-ins for bytes: printable Latin-1 stands for itself, the others for U+0100 and on. */
function byteCharacters(): string[] {
  const isPrintable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  let next = 0x100;
  return Array.from({ length: BYTES }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
}

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

/** Bytes are the first tokens; those after the end token never arise from text, but have a text when they are drawn. */
function byteTokenizer(vocabulary: number) {
  const unreachable = Array.from({ length: vocabulary - BYTES - 1 }, (_, index) => [`‹${index}›`, BYTES + 1 + index]);
  const bytes = byteCharacters().map((character, id) => [character, id]);
  return {
    version: '1.0',
    added_tokens: [
      {
        id: BYTES,
        content: END_TOKEN,
        special: true,
        lstrip: false,
        rstrip: false,
        normalized: false,
        single_word: false,
      },
    ],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      vocab: Object.fromEntries([...bytes, [END_TOKEN, BYTES], ...unreachable]),
      merges: [],
      unk_token: null,
    },
  };
}

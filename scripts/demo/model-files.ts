/**
 * @file The demo model's folder in Hugging Face's form: config, tokenizer, chat template, generation settings.
 *
 * A chat of one user turn, the beginning of a sentence, is answered by its continuation:
 * `<|begin|>` beginning `<|continue|>` continuation `<|end|>`. The separator makes every response start at a word.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BpeModel } from './bpe.js';

export const SPECIAL_TOKENS = ['<|pad|>', '<|begin|>', '<|continue|>', '<|end|>'] as const;

/** Size of the vocabulary, special tokens included. */
export const VOCABULARY_SIZE = 2048;

const CHAT_TEMPLATE = `{%- if messages | length != 1 or messages[0].role != 'user' -%}
{{- raise_exception('This model continues one user turn: the beginning of a sentence') -}}
{%- endif -%}
{{- '<|begin|>' + messages[0].content -}}
{%- if add_generation_prompt -%}{{- '<|continue|>' -}}{%- endif -%}
`;

/** Llama of about a million parameters: D = 128, L = 4, H = 4, K = 2, F = 384, tied head. */
function demoConfig(): Record<string, unknown> {
  const id = (token: (typeof SPECIAL_TOKENS)[number]) =>
    VOCABULARY_SIZE - SPECIAL_TOKENS.length + SPECIAL_TOKENS.indexOf(token);
  return {
    architectures: ['LlamaForCausalLM'],
    attention_bias: false,
    bos_token_id: id('<|begin|>'),
    dtype: 'float16',
    eos_token_id: id('<|end|>'),
    head_dim: 32,
    hidden_act: 'silu',
    hidden_size: 128,
    initializer_range: 0.02,
    intermediate_size: 384,
    max_position_embeddings: 256,
    mlp_bias: false,
    model_type: 'llama',
    num_attention_heads: 4,
    num_hidden_layers: 4,
    num_key_value_heads: 2,
    pad_token_id: id('<|pad|>'),
    rms_norm_eps: 1e-5,
    rope_parameters: { rope_theta: 10000, rope_type: 'default' },
    tie_word_embeddings: true,
    use_cache: true,
    vocab_size: VOCABULARY_SIZE,
  };
}

/** Writes everything but the weights. */
export function writeModelFiles(folder: string, bpe: BpeModel): void {
  mkdirSync(folder, { recursive: true });
  const config = demoConfig();
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  write('config.json', config);
  write('generation_config.json', {
    bos_token_id: config['bos_token_id'],
    do_sample: true,
    eos_token_id: config['eos_token_id'],
    pad_token_id: config['pad_token_id'],
    temperature: 1,
  });
  write('tokenizer_config.json', {
    add_bos_token: true,
    bos_token: '<|begin|>',
    clean_up_tokenization_spaces: false,
    eos_token: '<|end|>',
    model_max_length: 256,
    pad_token: '<|pad|>',
    tokenizer_class: 'PreTrainedTokenizerFast',
    unk_token: null,
  });
  write('tokenizer.json', tokenizerJson(bpe));
  writeFileSync(join(folder, 'chat_template.jinja'), CHAT_TEMPLATE);
}

function tokenizerJson({ vocabulary, merges }: BpeModel): unknown {
  const firstSpecial = vocabulary.size;
  const begin = firstSpecial + SPECIAL_TOKENS.indexOf('<|begin|>');
  const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  const beginToken = { SpecialToken: { id: '<|begin|>', type_id: 0 } };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, index) => ({
      id: firstSpecial + index,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    // Every text starts as if after a blank, so that a response's first word has the tokens it has everywhere else.
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'TemplateProcessing',
      single: [beginToken, sequence('A')],
      pair: [beginToken, sequence('A'), sequence('B')],
      special_tokens: { '<|begin|>': { id: '<|begin|>', ids: [begin], tokens: ['<|begin|>'] } },
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
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary),
      merges,
    },
  };
}

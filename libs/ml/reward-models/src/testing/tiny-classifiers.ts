/** @file For tests: folders with classifiers of a few thousand weights, as transformers and exporters leave them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Rng, f32Tensor, type F32Tensor } from '#core';
import { parseClassifierConfig } from '#ml/checkpoint';
import { GraphBuilder, encodeOnnx } from '#ml/graph';
import { initialWeights } from '#ml/models';
import { MODEL_FILE, writeTensors } from '#ml/tensor';
import { characterTokenizer, characterVocabulary } from './character-tokenizer.js';

/** Control tokens first, then characters. */
const CONTROL = ['<|pad|>', '<|bos|>', '<|end|>', '<|user|>', '<|assistant|>', '<|system|>', '[CLS]', '[SEP]'] as const;
const VOCABULARY = characterVocabulary(CONTROL);
export const TINY_TOKEN = {
  pad: VOCABULARY.indexOf('<|pad|>'),
  bos: VOCABULARY.indexOf('<|bos|>'),
  end: VOCABULARY.indexOf('<|end|>'),
} as const;

export const TINY_TEMPLATE =
  '{{- bos_token -}}{%- for m in messages -%}{{- "<|" + m.role + "|>" + m.content + "<|end|>" -}}{%- endfor -%}' +
  '{%- if add_generation_prompt -%}{{- "<|assistant|>" -}}{%- endif -%}';

const TINY_CONFIG = {
  architectures: ['LlamaForSequenceClassification'],
  hidden_act: 'silu',
  hidden_size: 16,
  id2label: { 0: 'LABEL_0' },
  intermediate_size: 32,
  max_position_embeddings: 64,
  num_attention_heads: 2,
  num_hidden_layers: 2,
  num_key_value_heads: 1,
  eos_token_id: TINY_TOKEN.end,
  pad_token_id: TINY_TOKEN.pad,
  vocab_size: VOCABULARY.length,
};

export interface TinyLmOptions {
  /** Fields of config.json that differ. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly template?: string;
  /** Multiplies every number of the head. @default 1 */
  readonly headScale?: number;
  readonly seed?: number;
}

/** Writes a Llama with a classification head into a folder. */
export async function writeTinyLmClassifier(dir: string, options: TinyLmOptions = {}): Promise<void> {
  const { config = {}, template = TINY_TEMPLATE, headScale = 1, seed = 1 } = options;
  const fields = { ...TINY_CONFIG, ...config };
  const { backbone, labels } = parseClassifierConfig(join(dir, 'config.json'), fields);
  const rng = new Rng('tiny head', seed);
  const head = Float32Array.from({ length: labels.length * backbone.hiddenSize }, () => headScale * rng.normal());
  const tensors = new Map<string, F32Tensor>(initialWeights(backbone, seed));
  tensors.set('score.weight', f32Tensor([labels.length, backbone.hiddenSize], head));
  await writeTokenizer(dir, {
    chat_template: template,
    bos_token: '<|bos|>',
    eos_token: '<|end|>',
    pad_token: '<|pad|>',
  });
  await writeFile(join(dir, 'config.json'), JSON.stringify(fields));
  await writeTensors(join(dir, MODEL_FILE), tensors);
}

export interface TinyOnnxOptions {
  /** @default 1 */
  readonly labelCount?: number;
  /** Fields of config.json; null leaves it out. */
  readonly config?: Readonly<Record<string, unknown>> | null;
  /** One more input that no classifier has. */
  readonly strangeInput?: string;
  /** True adds the largest logit of the whole batch to each, as quantised graphs scale by it. @default false */
  readonly rowsMixed?: boolean;
  /** Element type of the inputs. @default i64 */
  readonly inputType?: 'i64' | 'i32';
}

/** Ids of the masked-in tokens, and 100 for each of the second text: label l of the logits is (l + 1) times their sum. */
export async function writeTinyOnnxClassifier(dir: string, options: TinyOnnxOptions = {}): Promise<void> {
  const { labelCount = 1, config = { max_position_embeddings: 32 }, strangeInput, inputType = 'i64' } = options;
  const { rowsMixed = false } = options;
  const g = GraphBuilder.create();
  const input = (name: string) => g.input(name, inputType, ['B', 'T']);
  const [ids, mask, types] = [input('input_ids'), input('attention_mask'), input('token_type_ids')];
  const table = (name: string, numbers: number[]) =>
    g.initializer(name, 'f32', [numbers.length], Float32Array.from(numbers));
  const values = g.add(
    g.gather(
      table(
        'values',
        VOCABULARY.map((_, id) => id),
      ),
      ids,
    ),
    g.gather(table('types', [0, 100]), types),
  );
  const sums = g.reduceSum(g.mul(values, g.gather(table('mask', [0, 1]), mask)), [1], { keepDims: true }); // [B, 1]
  const factors = Float32Array.from({ length: labelCount }, (_, label) => label + 1);
  let logits = g.mul(sums, g.initializer('factors', 'f32', [1, labelCount], factors)); // [B, labels]
  if (rowsMixed) logits = g.add(logits, g.reduceMax(logits, [0], { keepDims: true }));
  if (strangeInput !== undefined) logits = g.add(logits, g.input(strangeInput, 'f32', [1, 1]));
  g.output('logits', logits);
  await writeTokenizer(dir, { pad_token: '<|pad|>' });
  if (config !== null) await writeFile(join(dir, 'config.json'), JSON.stringify(config));
  await writeFile(join(dir, 'model.onnx'), encodeOnnx(g.graph));
}

async function writeTokenizer(dir: string, config: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'tokenizer.json'), JSON.stringify(characterTokenizer(CONTROL)));
  await writeFile(join(dir, 'tokenizer_config.json'), JSON.stringify(config));
}

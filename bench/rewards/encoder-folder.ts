/**
 * @file A cross-encoder with random weights in the shape of a real one, as an .onnx file with a tokenizer whose tokens are
 * characters. Norms are root mean square ones and the activation is the quick GELU, which cost as much as BERT's.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rng } from '#core';
import { encodeOnnx, GraphBuilder, type Value } from '#ml/graph';
import { characterTokenizer, characterVocabulary } from '#ml/reward-models';

export interface EncoderShape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly feedForward: number;
}

/** The shape of the golden one, and of two that people use. */
export const ENCODERS = {
  golden: { layers: 2, hidden: 32, heads: 4, feedForward: 64 },
  'TinyBERT-L2': { layers: 2, hidden: 128, heads: 2, feedForward: 512 },
  'MiniLM-L6': { layers: 6, hidden: 384, heads: 12, feedForward: 1536 },
} as const satisfies Readonly<Record<string, EncoderShape>>;

const CONTROL = ['[PAD]', '[CLS]', '[SEP]'] as const;
const VOCABULARY_SIZE = characterVocabulary(CONTROL).length;
const POSITIONS = 512;
const MASKED = 1e9;
const GELU_ALPHA = 1.702;

class Encoder {
  private readonly g = GraphBuilder.create();
  private readonly rng = new Rng('bench encoder', 1);

  constructor(private readonly shape: EncoderShape) {}

  bytes(): Uint8Array {
    const { g } = this;
    const { layers, hidden } = this.shape;
    const input = (name: string) => g.input(name, 'i64', ['B', 'T']);
    const embedded = (name: string, rows: number) =>
      g.gather(this.weight(`${name}.table`, [rows, hidden]), input(name));
    const sizes = { input_ids: VOCABULARY_SIZE, token_type_ids: 2, position_ids: POSITIONS };
    const mask = g.cast(input('attention_mask'), 'f32');
    const bias = g.reshape(g.mul(g.sub(mask, 1), MASKED), ['B', 1, 1, 'T']);
    let x = this.norm('embeddings', g.sum(Object.entries(sizes).map(([name, rows]) => embedded(name, rows))));
    for (let layer = 0; layer < layers; layer += 1) x = this.layer(`layer.${layer}`, x, bias);
    const first = g.reshape(g.slice(x, { axis: 1, start: 0, end: 1 }), ['B', hidden]);
    g.output('logits', this.linear('classifier', g.tanh(this.linear('pooler', first, hidden)), 1));
    return encodeOnnx(g.graph);
  }

  private layer(name: string, x: Value, bias: Value): Value {
    const { g } = this;
    const { hidden, feedForward } = this.shape;
    const attended = this.linear(`${name}.out`, this.attention(name, x, bias), hidden);
    const y = this.norm(`${name}.attention`, g.add(x, attended));
    const inner = g.quickGelu(this.linear(`${name}.up`, y, feedForward), GELU_ALPHA);
    return this.norm(`${name}.output`, g.add(y, this.linear(`${name}.down`, inner, hidden)));
  }

  private attention(name: string, x: Value, bias: Value): Value {
    const { g } = this;
    const { hidden, heads } = this.shape;
    const width = hidden / heads;
    const split = (part: string, order: readonly number[]) =>
      g.transpose(g.reshape(this.linear(`${name}.${part}`, x, hidden), ['B', 'T', heads, width]), order);
    const [q, k, v] = [split('q', [0, 2, 1, 3]), split('k', [0, 2, 3, 1]), split('v', [0, 2, 1, 3])];
    const scores = g.add(g.mul(g.matmul(q, k), 1 / Math.sqrt(width)), bias);
    return g.reshape(g.transpose(g.matmul(g.softmax(scores), v), [0, 2, 1, 3]), ['B', 'T', hidden]);
  }

  private linear(name: string, x: Value, outputs: number): Value {
    const inputs = x.shape.at(-1) as number;
    const product = this.g.matmul(x, this.weight(`${name}.weight`, [inputs, outputs]));
    return this.g.add(product, this.weight(`${name}.bias`, [outputs]));
  }

  private norm(name: string, x: Value): Value {
    const { hidden } = this.shape;
    const gain = this.g.initializer(`${name}.norm`, 'f32', [hidden], new Float32Array(hidden).fill(1));
    return this.g.simplifiedLayerNormalization(x, gain, 1e-6).y;
  }

  private weight(name: string, dims: readonly number[]): Value {
    const [inputs = 1] = dims;
    const scale = 1 / Math.sqrt(inputs);
    const length = dims.reduce((product, dim) => product * dim, 1);
    const data = Float32Array.from({ length }, () => scale * (2 * this.rng.uniform() - 1));
    return this.g.initializer(name, 'f32', dims, data);
  }
}

export function writeEncoder(folder: string, shape: EncoderShape): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  write('config.json', { max_position_embeddings: POSITIONS, pad_token_id: 0, vocab_size: VOCABULARY_SIZE });
  write('tokenizer_config.json', { pad_token: '[PAD]' });
  write('tokenizer.json', characterTokenizer(CONTROL));
  writeFileSync(join(folder, 'model.onnx'), new Encoder(shape).bytes());
}

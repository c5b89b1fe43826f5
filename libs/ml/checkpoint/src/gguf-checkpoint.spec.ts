/** GGUF files as models: what their metadata amounts to, and what is refused. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { f32Tensor, type F32Tensor } from '#core';
import { ggufTensorName, gguf, toGgufValues, writeGguf, type GgufTensorSource, type GgufValue } from '#ml/gguf';
import { checkpointDigest, openCheckpoint } from './checkpoint.js';
import { modelTensors } from './model-tensors.js';
import { parseModelConfig, readModelConfig } from './read-config.js';
import { ropeInverseFrequencies } from './rope.js';

type Changes = Readonly<Record<string, GgufValue | undefined>>;

const SIZES = { hidden_size: 8, num_attention_heads: 2, num_key_value_heads: 1, num_hidden_layers: 1 };
const CONFIG = parseModelConfig('config.json', {
  ...SIZES,
  architectures: ['LlamaForCausalLM'],
  vocab_size: 4,
  intermediate_size: 6,
  tie_word_embeddings: true,
  eos_token_id: 2,
});
/** Every element another number. */
const WEIGHTS = new Map(
  modelTensors(CONFIG).map(({ name, dims }, t) => {
    const count = dims.reduce((product, size) => product * size, 1);
    return [
      name,
      f32Tensor(
        dims,
        Float32Array.from({ length: count }, (_, i) => t + i / 64),
      ),
    ];
  }),
);

function metadata(architecture: string, changes: Changes): Map<string, GgufValue> {
  const at = (key: string) => `${architecture}.${key}`;
  const entries: Changes = {
    'general.architecture': gguf.string(architecture),
    [at('block_count')]: gguf.uint32(1),
    [at('context_length')]: gguf.uint32(64),
    [at('embedding_length')]: gguf.uint32(8),
    [at('feed_forward_length')]: gguf.uint32(6),
    [at('attention.head_count')]: gguf.uint32(2),
    [at('attention.head_count_kv')]: gguf.uint32(1),
    [at('attention.layer_norm_rms_epsilon')]: gguf.float32(1e-5),
    [at('rope.freq_base')]: gguf.float32(100_000),
    'tokenizer.ggml.eos_token_id': gguf.uint32(2),
    'tokenizer.ggml.eot_token_id': gguf.uint32(3),
    ...changes,
  };
  return new Map(Object.entries(entries).filter((entry): entry is [string, GgufValue] => entry[1] !== undefined));
}

const stored = (name: string, tensor: F32Tensor): GgufTensorSource => ({
  name,
  type: 'F32',
  dims: tensor.dims,
  read: () => tensor,
});

const WEIGHT_TENSORS = [...WEIGHTS].map(([name, tensor]) =>
  stored(ggufTensorName('llama', name) ?? name, toGgufValues('llama', name, tensor, CONFIG)),
);

describe('a GGUF file as a model', () => {
  let dir = '';
  before(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-gguf-model-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  async function write(changes: Changes = {}, tensors = WEIGHT_TENSORS, architecture = 'llama'): Promise<string> {
    const path = join(dir, 'model.gguf');
    await writeGguf(path, { metadata: metadata(architecture, changes), tensors });
    return path;
  }

  it('has the weights of the folder that it was made from, and the digest of its bytes', async () => {
    const path = await write();
    const { config, tensors, digest } = await openCheckpoint(path);
    deepEqual([...tensors], [...WEIGHTS]);
    equal(digest, `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`);
    equal(await checkpointDigest(path), digest);
    equal(config.architecture, 'LlamaForCausalLM');
    equal(config.rmsNormEpsilon, Math.fround(1e-5));
    deepEqual(config.eosTokenIds, [2, 3]);
    deepEqual(config.rope, { kind: 'default', theta: 100_000 });
    deepEqual([config.tiedEmbeddings, config.bosTokenId, config.vocabularySize], [true, null, 4]);
  });

  it('has a head of its own when it holds one', async () => {
    const head = f32Tensor([4, 8], new Float32Array(32));
    const { config, tensors } = await openCheckpoint(
      await write({}, [...WEIGHT_TENSORS, stored('output.weight', head)]),
    );
    equal(config.tiedEmbeddings, false);
    deepEqual(tensors.get('lm_head.weight'), head);
  });

  it('is a Mistral when it has a window', async () => {
    const config = await readModelConfig(await write({ 'llama.attention.sliding_window': gguf.uint32(12) }));
    deepEqual([config.architecture, config.slidingWindow], ['MistralForCausalLM', 12]);
  });

  it('has its rotary positions scaled as it says', async () => {
    const rope = async (changes: Changes, tensors?: GgufTensorSource[]) =>
      (await readModelConfig(await write(changes, tensors))).rope;
    const scaling = (key: string) => `llama.rope.scaling.${key}`;
    deepEqual(await rope({ [scaling('type')]: gguf.string('linear'), [scaling('factor')]: gguf.float32(4) }), {
      kind: 'linear',
      theta: 100_000,
      factor: 4,
    });
    const yarn = await rope({
      [scaling('type')]: gguf.string('yarn'),
      [scaling('factor')]: gguf.float32(2),
      [scaling('original_context_length')]: gguf.uint32(32),
    });
    deepEqual([yarn.kind, 'originalContextTokens' in yarn && yarn.originalContextTokens], ['yarn', 32]);
    const llama3 = {
      kind: 'llama3',
      theta: 100_000,
      factor: 8,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContextTokens: 16,
    } as const;
    const plain = ropeInverseFrequencies({ kind: 'default', theta: 100_000 }, 4);
    const stretched = ropeInverseFrequencies(llama3, 4);
    const divisors = f32Tensor(
      [2],
      Float32Array.from(plain, (frequency, j) => frequency / stretched[j]!),
    );
    const found = await rope({}, [...WEIGHT_TENSORS, stored('rope_freqs.weight', divisors)]);
    equal(found.kind, 'llama3');
    deepEqual(ropeInverseFrequencies(found, 4), stretched);
    const odd = f32Tensor([2], Float32Array.of(3, 1));
    const other = await rope({}, [...WEIGHT_TENSORS, stored('rope_freqs.weight', odd)]);
    deepEqual(
      [...ropeInverseFrequencies(other, 4)],
      [...plain].map((frequency, j) => frequency / odd.data[j]!),
    );
  });

  it('is refused by name when it is of a kind not computed here, or lacks something', async () => {
    const nan = f32Tensor([8], new Float32Array(8).fill(Number.NaN));
    const without = (name: string) => WEIGHT_TENSORS.filter((tensor) => tensor.name !== name);
    for (const [changes, tensors, code, message] of [
      [{ 'llama.expert_count': gguf.uint32(8) }, WEIGHT_TENSORS, 'GGUF_UNSUPPORTED', /llama.expert_count/],
      [{ 'llama.logit_scale': gguf.float32(2) }, WEIGHT_TENSORS, 'GGUF_UNSUPPORTED', /llama.logit_scale/],
      [{ 'general.type': gguf.string('adapter') }, WEIGHT_TENSORS, 'GGUF_UNSUPPORTED', /of type adapter/],
      [{ 'llama.rope.scaling.type': gguf.string('moebius') }, WEIGHT_TENSORS, 'GGUF_UNSUPPORTED', /moebius/],
      [{ 'llama.block_count': gguf.string('one') }, WEIGHT_TENSORS, 'GGUF_INVALID', /llama.block_count/],
      [{ 'llama.block_count': undefined }, WEIGHT_TENSORS, 'GGUF_INVALID', /llama.block_count: is missing/],
      [{ 'tokenizer.ggml.eos_token_id': gguf.uint32(4) }, WEIGHT_TENSORS, 'MODEL_CONFIG_INVALID', /eos_token_id/],
      [{}, without('blk.0.attn_q.weight'), 'TENSOR_MISSING', /q_proj/],
      [{}, [...WEIGHT_TENSORS, stored('blk.0.moon.weight', nan)], 'TENSOR_UNEXPECTED', /blk.0.moon/],
      [{}, [...without('output_norm.weight'), stored('output_norm.weight', nan)], 'WEIGHT_NOT_FINITE', /output_norm/],
    ] as const) {
      await rejects(write(changes, [...tensors]).then(openCheckpoint), { code, message }, String(message));
    }
    await rejects(write({}, WEIGHT_TENSORS, 'mamba').then(openCheckpoint), { code: 'ARCHITECTURE_UNSUPPORTED' });
  });
});

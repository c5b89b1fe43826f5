/**
 * @file The formats that come from outside: how each is mutated, how it is read, and what an accepted mutant must be.
 *
 * A mutant may be accepted, but only as what its own bytes say: shapes are read a second time here, by other and simpler
 * code, and compared. What `read` throws must be a named error.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rng, TensorMap } from '#core';
import { readPeftFolder } from '#ml/adapters';
import { openCheckpoint, parseModelConfig, readModelConfig } from '#ml/checkpoint';
import { GgufFile } from '#ml/gguf';
import { SHARD_INDEX_FILE, decodeSafetensors, readModelWeights, toF32Tensor } from '#ml/tensor';
import { ChatTokenizer } from '#ml/tokenizer';
import { ggufShapes, safetensorsShapes, type Shapes } from './stated-shapes.js';
import { mutateBytes } from './mutate-bytes.js';
import { mutateJson } from './mutate-json.js';
import { TEMPLATE, mutateTemplate } from './mutate-template.js';
import * as tiny from './tiny-model.js';

export interface Format {
  readonly name: string;
  /** Of each hundred mutants. */
  readonly share: number;
  readonly mutate: (model: tiny.TinyModel, rng: Rng) => Buffer | string;
  /** Reads the mutant; gives back when it was accepted and is what it says. */
  readonly read: (model: tiny.TinyModel, mutant: Buffer | string) => Promise<void> | void;
}

/** Bytes at the start in which the headers of the tiny files lie. */
const GGUF_HEAD_BYTES = 420;
const GGUF_MODEL_HEAD_BYTES = 2400;

export const FORMATS: readonly Format[] = [
  {
    name: 'safetensors',
    share: 25,
    mutate: (model, rng) => mutateSafetensors(model.weights, rng),
    read: (_, mutant) => {
      const bytes = Buffer.from(mutant);
      const { tensors } = decodeSafetensors(bytes, 'mutant');
      const got: Shapes = new Map([...tensors].map(([name, { dims }]) => [name, dims]));
      deepEqual(got, safetensorsShapes(bytes));
      for (const [name, tensor] of tensors) {
        const { dims, data } = toF32Tensor(tensor, { name, where: 'mutant' });
        equal(
          data.length,
          dims.reduce((product, size) => product * size, 1),
        );
      }
    },
  },
  {
    name: 'model folder',
    share: 10,
    mutate: (model, rng) => mutateSafetensors(model.weights, rng),
    read: async (model, mutant) => {
      writeFileSync(join(model.modelDir, 'model.safetensors'), mutant);
      const { tensors } = await openCheckpoint(model.modelDir).finally(() => {
        writeFileSync(join(model.modelDir, 'model.safetensors'), model.weights);
      });
      sameShapes(tensors, model.tensors);
    },
  },
  {
    name: 'shard index',
    share: 8,
    mutate: (model, rng) => mutateJson(model.shardIndex, rng),
    read: async (model, mutant) => {
      writeFileSync(join(model.shardedDir, SHARD_INDEX_FILE), mutant);
      const { tensors, fileDigests } = await readModelWeights(model.shardedDir);
      for (const [name, { dims }] of tensors) deepEqual(dims, model.tensors.get(name)?.dims);
      for (const file of fileDigests.keys()) ok(Object.values(model.shardIndex.weight_map).includes(file), file);
    },
  },
  {
    name: 'config.json',
    share: 15,
    mutate: (_, rng) => mutateJson(tiny.CONFIG, rng),
    read: async (model, mutant) => {
      const path = join(model.modelDir, 'config.json');
      writeFileSync(path, mutant);
      try {
        const config = await readModelConfig(model.modelDir);
        const stated = JSON.parse(String(mutant)) as Record<string, unknown>;
        deepEqual(
          [config.hiddenSize, config.layerCount, config.headCount, config.vocabularySize, config.feedForwardSize],
          ['hidden_size', 'num_hidden_layers', 'num_attention_heads', 'vocab_size', 'intermediate_size'].map(
            (field) => stated[field],
          ),
        );
        sameShapes((await openCheckpoint(model.modelDir)).tensors, model.tensors);
      } finally {
        tiny.writeJson(path, tiny.CONFIG);
      }
    },
  },
  {
    name: 'generation_config.json',
    share: 6,
    mutate: (_, rng) => mutateJson(tiny.GENERATION_CONFIG, rng),
    read: async (model, mutant) => {
      const path = join(model.modelDir, 'generation_config.json');
      writeFileSync(path, mutant);
      const config = await readModelConfig(model.modelDir).finally(() => tiny.writeJson(path, tiny.GENERATION_CONFIG));
      ok(config.eosTokenIds.length > 0);
      for (const id of config.eosTokenIds)
        ok(Number.isInteger(id) && id >= 0 && id < tiny.CONFIG.vocab_size, `id ${id}`);
      deepEqual({ ...config, eosTokenIds: [] }, { ...parseModelConfig('config.json', tiny.CONFIG), eosTokenIds: [] });
    },
  },
  {
    name: 'tokenizer.json',
    share: 8,
    mutate: (_, rng) => mutateJson(tiny.TOKENIZER, rng),
    read: (model, mutant) => readTokenizer(model, 'tokenizer.json', mutant, tiny.TOKENIZER),
  },
  {
    name: 'tokenizer_config.json',
    share: 4,
    mutate: (_, rng) => mutateJson({ ...tiny.TOKENIZER_CONFIG, chat_template: TEMPLATE }, rng),
    read: (model, mutant) => readTokenizer(model, 'tokenizer_config.json', mutant, tiny.TOKENIZER_CONFIG),
  },
  {
    name: 'chat template',
    share: 8,
    mutate: (_, rng) => JSON.stringify({ ...tiny.TOKENIZER_CONFIG, chat_template: mutateTemplate(rng) }),
    read: (model, mutant) => readTokenizer(model, 'tokenizer_config.json', mutant, tiny.TOKENIZER_CONFIG),
  },
  {
    name: 'adapter_config.json',
    share: 5,
    mutate: (_, rng) => mutateJson(tiny.ADAPTER_CONFIG, rng),
    read: async (model, mutant) => {
      const path = join(model.adapterDir, 'adapter_config.json');
      writeFileSync(path, mutant);
      const adapter = await readPeftFolder(model.adapterDir, shapesOf(model.tensors)).finally(() => {
        tiny.writeJson(path, tiny.ADAPTER_CONFIG);
      });
      deepEqual(shapesOf(adapter.tensors), safetensorsShapes(model.adapterWeights));
    },
  },
  {
    name: 'adapter_model.safetensors',
    share: 5,
    mutate: (model, rng) => mutateSafetensors(model.adapterWeights, rng),
    read: async (model, mutant) => {
      const path = join(model.adapterDir, 'adapter_model.safetensors');
      writeFileSync(path, mutant);
      const adapter = await readPeftFolder(model.adapterDir, shapesOf(model.tensors)).finally(() => {
        writeFileSync(path, model.adapterWeights);
      });
      deepEqual(shapesOf(adapter.tensors), safetensorsShapes(model.adapterWeights));
    },
  },
  {
    name: 'GGUF',
    share: 10,
    mutate: (model, rng) => mutateBytes(model.gguf, rng, rng.below(4) === 0 ? undefined : GGUF_HEAD_BYTES),
    read: async (model, mutant) => {
      const path = join(model.root, 'mutant.gguf');
      writeFileSync(path, mutant);
      const file = await GgufFile.open(path);
      try {
        deepEqual(new Map([...file.tensors].map(([name, { dims }]) => [name, dims])), ggufShapes(Buffer.from(mutant)));
        for (const name of file.tensors.keys()) await file.readTensor(name);
      } finally {
        await file.close();
      }
    },
  },
  {
    name: 'GGUF model',
    share: 10,
    mutate: (model, rng) => mutateBytes(model.ggufModel, rng, rng.below(8) === 0 ? undefined : GGUF_MODEL_HEAD_BYTES),
    read: async (model, mutant) => {
      const path = join(model.root, 'mutant-model.gguf');
      writeFileSync(path, mutant);
      sameShapes((await openCheckpoint(path)).tensors, model.tensors);
      await useTokenizer(path);
    },
  },
];

/** Half of the mutants have a mutated header with a right length; the others are mutated bytes. */
function mutateSafetensors(original: Buffer, rng: Rng): Buffer {
  if (rng.below(2) === 0) return mutateBytes(original, rng, rng.below(3) === 0 ? undefined : 200);
  const headerEnd = 8 + Number(original.readBigUInt64LE());
  const header = mutateJson(JSON.parse(original.toString('utf8', 8, headerEnd)), rng);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header), original.subarray(headerEnd)]);
}

const MESSAGES = [
  { role: 'user', content: 'hello' },
  { role: 'assistant', content: 'hell' },
  { role: 'user', content: 'o' },
];

/** Whatever a tokenizer file says, loading and use end in ids of the model or in a named refusal. */
async function readTokenizer(
  model: tiny.TinyModel,
  file: string,
  mutant: Buffer | string,
  healthy: object,
): Promise<void> {
  const path = join(model.modelDir, file);
  writeFileSync(path, mutant);
  await useTokenizer(model.modelDir).finally(() => tiny.writeJson(path, healthy));
}

async function useTokenizer(path: string): Promise<void> {
  const { vocab_size: vocabularySize, eos_token_id: eosTokenId } = tiny.CONFIG;
  const tokenizer = await ChatTokenizer.load(path, { vocabularySize, eosTokenId });
  const ids = [tokenizer.encodePrompt({ kind: 'text', text: 'hello hello' }), tokenizer.encodeLiteral('hell</s>o')];
  if (tokenizer.hasChatTemplate) ids.push(tokenizer.encodePrompt({ kind: 'conversation', messages: MESSAGES }));
  for (const id of ids.flat()) ok(Number.isInteger(id) && id >= 0 && id < vocabularySize, `token id ${id}`);
  equal(typeof tokenizer.decode(ids.flat(), { skipSpecial: true }), 'string');
}

function shapesOf(tensors: TensorMap): Shapes {
  return new Map([...tensors].map(([name, { dims }]) => [name, dims]));
}

function sameShapes(got: TensorMap, expected: TensorMap): void {
  deepEqual(shapesOf(got), shapesOf(expected));
}

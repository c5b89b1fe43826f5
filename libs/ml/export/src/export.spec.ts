import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installationRoot, present } from '#core';
import { initialLora, mergeAdapter, resolveLora, shapesOf, type Adapter } from '#ml/adapters';
import { openCheckpoint, readModelConfig, type Checkpoint } from '#ml/checkpoint';
import { GgufFile } from '#ml/gguf';
import { ChatTokenizer } from '#ml/tokenizer';
import { mergedModel, placeOutput, writeGgufModel, writeModelFolder, type MergedModel } from './index.js';

const DEMO = join(installationRoot(), 'configs/demo/model');
const GOLDEN = join(dirname(installationRoot()), 'shared/golden/models');
const skip = existsSync(GOLDEN) ? false : 'no golden data beside the repository';

/** Matrices of this model stand for all families: its rows are whole Q8_0 blocks. */
async function demo(): Promise<{ base: Checkpoint; adapter: Adapter; model: MergedModel }> {
  const base = await openCheckpoint(DEMO);
  const rules = { rank: 4, alpha: 8, rankStabilized: true, targetModules: 'all-linear', rankPattern: { q_proj: 2 } };
  const shapes = shapesOf(base.tensors);
  const adapter = initialLora({ spec: resolveLora(rules, shapes, { where: 'test' }), base: shapes, seed: 1 });
  for (const { data } of adapter.tensors.values()) data.forEach((x, i) => (data[i] = x + 0.05 * Math.cos(i)));
  return { base, adapter, model: mergedModel(base, adapter) };
}

async function metadataOf(path: string): Promise<ReadonlyMap<string, unknown>> {
  const file = await GgufFile.open(path);
  await file.close();
  // Rows without a token come back from a folder as tokens: their type alone differs.
  const entries = [...file.metadata.entries].filter(([key]) => key !== 'tokenizer.ggml.token_type');
  return new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('a merged model', () => {
  let dir = '';
  before(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-export-'))));
  after(() => rmSync(dir, { recursive: true }));

  it('comes back from a folder as it was, in one file and in shards', async () => {
    const { base, adapter, model } = await demo();
    const merged = mergeAdapter(base.tensors, adapter);
    for (const [name, shardBytesMax] of [
      ['whole', 1e9],
      ['shards', 1e6],
    ] as const) {
      const to = join(dir, name);
      await writeModelFolder(to, model, { dtype: 'f32', shardBytesMax });
      equal(existsSync(join(to, 'model.safetensors.index.json')), name === 'shards');
      deepEqual(new Map((await openCheckpoint(to)).tensors), merged);
      const [ours, theirs] = await Promise.all([to, DEMO].map((path) => ChatTokenizer.load(path)));
      equal(ours?.tokenizerDigest, theirs?.tokenizerDigest);
      equal(ours?.templateDigest, theirs?.templateDigest);
    }
    ok(
      readdirSync(join(dir, 'shards')).includes('model-00001-of-00005.safetensors'),
      readdirSync(join(dir, 'shards')).join(),
    );
    equal((JSON.parse(readFileSync(join(dir, 'whole/config.json'), 'utf8')) as { dtype: string }).dtype, 'float32');
  });

  for (const [type, relative] of [
    ['F32', 0],
    ['F16', 2 ** -11],
    ['BF16', 2 ** -8],
    ['Q8_0', 1 / 127],
  ] as const) {
    it(`comes back from a GGUF file in ${type} within its precision`, async () => {
      const { base, adapter, model } = await demo();
      const path = join(dir, `${type}.gguf`);
      const notes = await writeGgufModel(path, model, { type, name: 'demo' });
      ok(notes.some((note) => note.includes('blank')));
      const read = await openCheckpoint(path);
      const { tiedEmbeddings, rope, eosTokenIds, bosTokenId, rmsNormEpsilon } = base.config;
      equal(read.config.tiedEmbeddings, tiedEmbeddings);
      deepEqual(read.config.rope, rope);
      deepEqual([read.config.eosTokenIds, read.config.bosTokenId], [eosTokenIds, bosTokenId]);
      equal(read.config.rmsNormEpsilon, Math.fround(rmsNormEpsilon));
      for (const [name, { data }] of mergeAdapter(base.tensors, adapter)) {
        const stored = present(read.tensors.get(name), name).data;
        const largest = data.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
        const worst = data.reduce((max, x, i) => Math.max(max, Math.abs(x - stored[i]!)), 0);
        ok(worst <= relative * largest, `${name}: ${worst} of ${largest}`);
      }
    });
  }

  it('says the same in a GGUF file: types, tokens, merges, chat template', async () => {
    const { model } = await demo();
    const path = join(dir, 'header.gguf');
    await writeGgufModel(path, model, { type: 'Q8_0', name: 'demo' });
    const file = await GgufFile.open(path);
    try {
      const { metadata, tensors } = file;
      equal(metadata.text('general.architecture'), 'llama');
      equal(metadata.integer('general.file_type'), 7);
      equal(metadata.text('tokenizer.ggml.pre'), 'gpt-2');
      equal(metadata.texts('tokenizer.ggml.tokens')?.length, model.config.vocabularySize);
      equal(metadata.flag('tokenizer.ggml.add_bos_token'), true);
      equal(metadata.text('tokenizer.chat_template'), readFileSync(join(DEMO, 'chat_template.jinja'), 'utf8'));
      equal(tensors.get('blk.0.attn_q.weight')?.type, 'Q8_0');
      equal(tensors.get('output_norm.weight')?.type, 'F32');
    } finally {
      await file.close();
    }
  });

  for (const name of ['llama-tied', 'llama-rope3', 'qwen2', 'qwen3']) {
    it(`goes from ${name} through GGUF to a folder without a change`, { skip }, async () => {
      const base = await openCheckpoint(join(GOLDEN, name));
      const [path, folder] = [join(dir, `${name}.gguf`), join(dir, `${name}-back`)];
      await writeGgufModel(path, mergedModel(base), { type: 'F32', name });
      await writeModelFolder(folder, mergedModel(await openCheckpoint(path)), { dtype: 'f32' });
      const back = await openCheckpoint(folder);
      deepEqual(new Map(back.tensors), new Map(base.tensors));
      const again = join(dir, `${name}-again.gguf`);
      await writeGgufModel(again, mergedModel(back), { type: 'F32', name });
      deepEqual(await metadataOf(again), await metadataOf(path));
      const text = 'It costs 1,234 dollars;\n  we paid.';
      const [ours, theirs] = await Promise.all(
        [folder, base.dir].map((at) => ChatTokenizer.load(at, { eosTokenId: base.config.eosTokenIds[0]! })),
      );
      deepEqual(ours?.encode(text, { addSpecial: true }), theirs?.encode(text, { addSpecial: true }));
    });
  }

  it('is refused as GGUF where llama.cpp would compute something else', { skip }, async () => {
    const window = mergedModel(await openCheckpoint(join(GOLDEN, 'mistral-window')));
    const out = join(dir, 'refused.gguf');
    await rejects(writeGgufModel(out, window, { type: 'F16', name: 'x' }), {
      code: 'EXPORT_UNSUPPORTED',
      message: /sliding window of 12/,
    });
    const copy = join(dir, 'other-tokenizer');
    cpSync(join(GOLDEN, 'llama-tied'), copy, { recursive: true });
    const tokenizer = join(copy, 'tokenizer.json');
    const changed = {
      ...(JSON.parse(readFileSync(tokenizer, 'utf8')) as object),
      pre_tokenizer: { type: 'Whitespace' },
    };
    writeFileSync(tokenizer, JSON.stringify(changed));
    await rejects(writeGgufModel(out, mergedModel(await openCheckpoint(copy)), { type: 'F16', name: 'x' }), {
      code: 'EXPORT_UNSUPPORTED',
      message: /pre-tokenizer/,
    });
    ok(!existsSync(out) && !existsSync(`${out}.partial`));
  });

  it('is refused in float16 where a number is too large for it', async () => {
    const base = await openCheckpoint(DEMO);
    present(base.tensors.get('model.embed_tokens.weight'), 'embedding').data[5] = 70_000;
    const out = join(dir, 'large.gguf');
    await rejects(writeGgufModel(out, mergedModel(base), { type: 'F16', name: 'x' }), {
      code: 'EXPORT_UNSUPPORTED',
      message: /70000 is beyond float16/,
    });
  });

  it('replaces nothing unless told to, and leaves nothing half made', async () => {
    const place = join(dir, 'place');
    const write = (text: string) => async (path: string) => writeFileSync(path, text);
    await placeOutput(place, { force: false }, write('first'));
    await rejects(placeOutput(place, { force: false }, write('second')), { code: 'EXPORT_EXISTS' });
    const broken = async (path: string) => {
      writeFileSync(path, 'half');
      throw new TypeError('broken');
    };
    await rejects(placeOutput(place, { force: true }, broken), TypeError);
    equal(readFileSync(place, 'utf8'), 'first');
    await placeOutput(place, { force: true }, write('second'));
    equal(readFileSync(place, 'utf8'), 'second');
    deepEqual(
      readdirSync(dir).filter((name) => name.startsWith('place')),
      ['place'],
    );
    ok(await readModelConfig(DEMO));
  });
});

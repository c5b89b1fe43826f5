import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, rejects, throws } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { f32Tensor, type F32Tensor } from '#core';
import {
  MODEL_FILE,
  SHARD_INDEX_FILE,
  decodeSafetensors,
  encodeSafetensors,
  fromF32Tensor,
  readF32Tensors,
  readModelWeights,
  readTensorFile,
  toF32Tensor,
  toNumbers,
  writeTensors,
} from './index.js';
import { sharedFolder, skipWithout } from '../../../../test/support/shared-folder.js';

const noPipes = process.platform === 'win32' && 'Windows has no named pipes in folders';

let dir = '';
before(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-tensor-'))));
after(() => rmSync(dir, { recursive: true }));

/** A file with this header and this much data, right or wrong. */
function raw(header: unknown, dataBytes: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
const entry = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

describe('safetensors', () => {
  it('come back as they were written, whatever their names, shapes and order', () => {
    const tensor = fc.array(fc.nat(3), { maxLength: 3 }).chain((dims) => {
      const length = dims.reduce((a, b) => a * b, 1);
      return fc.float32Array({ minLength: length, maxLength: length }).map((data) => f32Tensor(dims, data));
    });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), tensor), (tensors) => {
        const stored = new Map(Object.entries(tensors).map(([name, value]) => [name, fromF32Tensor(value)]));
        const { tensors: read } = decodeSafetensors(encodeSafetensors({ tensors: stored, metadata: {} }), 'memory');
        equal(read.size, stored.size);
        for (const [name, value] of Object.entries(tensors)) {
          deepEqual(toF32Tensor(read.get(name)!, { name, where: 'memory' }), value);
        }
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it('are the same bytes for the same tensors, in any order, and aligned', () => {
    const a = fromF32Tensor(f32Tensor([1], Float32Array.of(1)));
    const b = fromF32Tensor(f32Tensor([1], Float32Array.of(2)), 'bf16');
    const one = encodeSafetensors({
      tensors: new Map([
        ['b', b],
        ['a', a],
      ]),
      metadata: { y: '1', x: '2' },
    });
    const two = encodeSafetensors({
      tensors: new Map([
        ['a', a],
        ['b', b],
      ]),
      metadata: { x: '2', y: '1' },
    });
    deepEqual(one, two);
    equal(Number(Buffer.from(one).readBigUInt64LE()) % 8, 0);
  });

  for (const [what, bytes, pattern] of [
    ['too short for a length', new Uint8Array(7), /truncated: 7 bytes/],
    ['a header beyond the file', Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 123]), /truncated: header of 255 bytes/],
    ['a header beyond all reason', Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), /at most 16777216/],
    ['a header that is not JSON', raw('{"a":', 0), /not JSON/],
    ['a header that is a list', raw([], 0), /not a JSON object/],
    ['a name that stands twice', raw('{"a":1,"a":2}', 0), /header names "a" twice/],
    [
      'a shape nested beyond reason',
      raw(`{"a":{"dtype":"F32","shape":${'['.repeat(9e4)}${']'.repeat(9e4)}}}`, 0),
      /nested/,
    ],
    ['an unknown dtype', raw({ a: { ...entry(0, 4), dtype: 'F33' } }, 4), /tensor a: unknown dtype "F33"/],
    ['a negative size', raw({ a: entry(0, 4, [-1]) }, 4), /tensor a: shape \[-1\]/],
    [
      'a shape that does not fit',
      raw({ a: entry(0, 8, [3]) }, 8),
      /tensor a: F32 \[3\] takes 12 bytes, data_offsets give 8/,
    ],
    ['tensors that overlap', raw({ a: entry(0, 8), b: entry(4, 12) }, 12), /tensor b: overlaps the tensor before it/],
    ['a gap', raw({ a: entry(0, 4), b: entry(8, 12) }, 12), /tensor b: leaves a gap of 4 bytes/],
    ['missing data', raw({ a: entry(0, 8) }, 4), /tensor a: truncated: ends at 8, the data has 4 bytes/],
    ['data of no tensor', raw({ a: entry(0, 4) }, 8), /4 bytes after the last tensor/],
    ['metadata that is not text', raw({ __metadata__: { a: 1 } }, 0), /__metadata__/],
  ] as const) {
    it(`refuse ${what} by file and tensor`, () => {
      throws(
        () => decodeSafetensors(bytes, 'x.safetensors'),
        (error: Error & { code: string }) => {
          equal(error.code, 'SAFETENSORS_INVALID');
          equal(error.message.startsWith('x.safetensors: '), true);
          return pattern.test(error.message);
        },
      );
    });
  }

  it('read f64 and i64 exactly, and refuse integers that float32 would change', () => {
    const numbers = { dtype: 'F64', dims: [2], bytes: new Uint8Array(Float64Array.of(0.1, -1e300).buffer) };
    deepEqual([...toNumbers(numbers, { name: 'n', where: 'f' })], [0.1, -1e300]);
    const integers = { dtype: 'I64', dims: [1], bytes: new Uint8Array(BigInt64Array.of(16_777_217n).buffer) };
    equal(toNumbers(integers, { name: 'n', where: 'f' })[0], 16_777_217);
    throws(() => toF32Tensor(integers, { name: 'n', where: 'f' }), /16777217 does not fit float32/);
    throws(() => toF32Tensor({ ...integers, dtype: 'U8' }, { name: 'n', where: 'f' }), { code: 'DTYPE_UNSUPPORTED' });
  });
});

describe('tensor files', () => {
  const tensors = new Map<string, F32Tensor>([
    ['w', f32Tensor([2, 2], Float32Array.of(1, -2, 0.5, 3))],
    ['b', f32Tensor([1], Float32Array.of(0.25))],
  ]);

  it('hold f32, f16 and bf16 exactly where the values allow', async () => {
    for (const dtype of ['f32', 'f16', 'bf16'] as const) {
      const path = join(dir, `${dtype}.safetensors`);
      await writeTensors(path, tensors, { dtype });
      deepEqual(new Map([...(await readF32Tensors(path))].sort(byName)), new Map([...tensors].sort(byName)));
    }
  });

  it('are read from shards, and missed when a shard lacks what the index promises', async () => {
    await writeTensors(join(dir, 'one.safetensors'), new Map([['w', tensors.get('w')!]]));
    await writeTensors(join(dir, 'two.safetensors'), new Map([['b', tensors.get('b')!]]));
    const index = (map: object) => writeFileSync(join(dir, SHARD_INDEX_FILE), JSON.stringify({ weight_map: map }));
    index({ b: 'two.safetensors', w: 'one.safetensors' });
    deepEqual((await readModelWeights(dir)).tensors, tensors);
    index({ b: 'two.safetensors', w: 'two.safetensors' });
    await rejects(readModelWeights(dir), {
      code: 'SAFETENSORS_INVALID',
      message: /tensor w: promised in two\.safetensors/,
    });
    index({ b: 'one.safetensors', w: 'two.safetensors' });
    await rejects(readModelWeights(dir), {
      code: 'SAFETENSORS_INVALID',
      message: /tensor w: is here, but the index says two\.safetensors/,
    });
  });

  it('are read from no other place than the folder, whatever its index says', async () => {
    const folder = mkdtempSync(join(dir, 'folder-'));
    const index = (map: object | string) => {
      const text = typeof map === 'string' ? map : JSON.stringify({ weight_map: map });
      writeFileSync(join(folder, SHARD_INDEX_FILE), text);
    };
    await writeTensors(join(dir, 'outside.safetensors'), tensors);
    const refused = async (map: object | string, message: RegExp) => {
      index(map);
      await rejects(readModelWeights(folder), { code: 'SAFETENSORS_INVALID', message });
    };
    for (const file of ['../outside.safetensors', join(dir, 'outside.safetensors'), '..', '', 'a\\b.safetensors', 7]) {
      await refused({ w: file }, /must name a file of this folder/);
    }
    await refused({ w: 'absent.safetensors' }, /names absent\.safetensors, which is absent: fetch the model again/);
    await refused({}, /names no tensor/);
    await refused([], /names no tensor|must map/);
    await refused('{"weight_map": {"w": "a.safetensors", "w": "b.safetensors"}}', /names w twice/);
    symlinkSync(join(dir, 'outside.safetensors'), join(folder, 'link.safetensors'));
    await refused({ w: 'link.safetensors', b: 'link.safetensors' }, /a link out of the folder/);
  });

  it('are read through the links of a cache of the Hub', async () => {
    const snapshot = join(dir, 'models--a--b', 'snapshots', '0123');
    mkdirSync(snapshot, { recursive: true });
    mkdirSync(join(dir, 'models--a--b', 'blobs'));
    await writeTensors(join(dir, 'models--a--b', 'blobs', 'cafe'), tensors);
    symlinkSync('../../blobs/cafe', join(snapshot, 'one.safetensors'));
    const map = { weight_map: { w: 'one.safetensors', b: 'one.safetensors' } };
    writeFileSync(join(snapshot, SHARD_INDEX_FILE), JSON.stringify(map));
    deepEqual((await readModelWeights(snapshot)).tensors, tensors);
  });

  it('are refused when a weight is no number, with its place', async () => {
    const folder = mkdtempSync(join(dir, 'folder-'));
    for (const [dtype, bad] of [
      ['f32', NaN],
      ['f16', Infinity],
      ['bf16', -Infinity],
    ] as const) {
      const data = new Float32Array(5000).fill(1);
      data[4321] = bad;
      await writeTensors(join(folder, MODEL_FILE), new Map([['x', f32Tensor([5, 1000], data)]]), { dtype });
      await rejects(readModelWeights(folder), {
        code: 'WEIGHT_NOT_FINITE',
        message: new RegExp(`tensor x: element 4321 is ${bad}`),
      });
      deepEqual((await readModelWeights(folder, { skip: (name) => name === 'x' })).tensors.size, 0);
    }
  });

  it('are digested while they are read', async () => {
    const folder = mkdtempSync(join(dir, 'folder-'));
    await writeTensors(join(folder, MODEL_FILE), tensors, { dtype: 'bf16' });
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, MODEL_FILE)))
      .digest('hex');
    for (const skip of [() => true, () => false]) {
      deepEqual([...(await readModelWeights(folder, { skip })).fileDigests], [[MODEL_FILE, digest]]);
    }
  });

  it('are never waited for: a pipe in the place of a file is refused', { skip: noPipes }, async () => {
    const folder = mkdtempSync(join(dir, 'folder-'));
    execFileSync('mkfifo', [join(folder, MODEL_FILE)]);
    await rejects(readModelWeights(folder), { code: 'SAFETENSORS_INVALID', message: /not a regular file/ });
  });

  it('leave nothing behind when they cannot be written', async () => {
    const folder = mkdtempSync(join(dir, 'folder-'));
    mkdirSync(join(folder, MODEL_FILE, 'in-the-way'), { recursive: true });
    await rejects(writeTensors(join(folder, MODEL_FILE), tensors));
    deepEqual(readdirSync(folder), [MODEL_FILE]);
  });

  it('of the reference writer are written again byte for byte', { skip: skipWithout('golden') }, async () => {
    for (const model of ['llama-tied', 'qwen2']) {
      const path = join(sharedFolder('golden'), 'models', model, 'model.safetensors');
      const bytes = readFileSync(path);
      equal(Buffer.compare(encodeSafetensors(await readTensorFile(path)), bytes), 0, model);
    }
  });
});

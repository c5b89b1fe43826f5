/** Files written and read again; and files that lie. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { f32Tensor } from '#core';
import { GgufFile, isGgufFile } from './gguf-file.js';
import { gguf, type GgufValue } from './gguf-value.js';
import { writeGguf } from './gguf-writer.js';

const METADATA = new Map<string, GgufValue>([
  ['general.architecture', gguf.string('llama')],
  ['a.uint8', { type: 'uint8', value: 255 }],
  ['a.int8', { type: 'int8', value: -128 }],
  ['a.uint16', { type: 'uint16', value: 65_535 }],
  ['a.int16', { type: 'int16', value: -2 }],
  ['a.uint32', gguf.uint32(4_294_967_295)],
  ['a.int32', { type: 'int32', value: -7 }],
  ['a.float32', gguf.float32(0.5)],
  ['a.float64', { type: 'float64', value: Math.PI }],
  ['a.uint64', { type: 'uint64', value: 2n ** 64n - 1n }],
  ['a.int64', { type: 'int64', value: -(2n ** 63n) }],
  ['a.bool', gguf.bool(true)],
  ['a.texts', gguf.strings(['', 'Ġé', '你好'])],
  ['a.bools', { type: 'array', of: 'bool', values: [true, false] }],
  ['a.int32s', gguf.int32s(Int32Array.of(1, -1))],
  ['a.float32s', gguf.float32s(Float32Array.of(0.25))],
  ['a.uint64s', { type: 'array', of: 'uint64', values: BigUint64Array.of(5n) }],
]);
const MATRIX = f32Tensor(
  [2, 32],
  Float32Array.from({ length: 64 }, (_, i) => (i - 30) / 127),
);
const VECTOR = f32Tensor([3], Float32Array.of(1, 2, 3));

describe('a GGUF file', () => {
  let dir = '';
  let good: Buffer = Buffer.alloc(0);
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'metaapo-gguf-'));
    await writeGguf(join(dir, 'good.gguf'), {
      metadata: METADATA,
      tensors: [
        { name: 'vector', type: 'F32', dims: [3], read: () => VECTOR },
        { name: 'matrix', type: 'Q8_0', dims: [2, 32], read: () => MATRIX },
        { name: 'half', type: 'F16', dims: [2, 32], read: () => Promise.resolve(MATRIX) },
      ],
    });
    good = readFileSync(join(dir, 'good.gguf'));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it('comes back as it was written', async () => {
    const file = await GgufFile.open(join(dir, 'good.gguf'));
    const plain = (value: GgufValue) => (value.type === 'array' ? { ...value, values: [...value.values] } : value);
    deepEqual(
      [...file.metadata.entries].map(([key, value]) => [key, plain(value)]),
      [...METADATA].map(([key, value]) => [key, plain(value)]),
    );
    deepEqual([...file.tensors.keys()], ['vector', 'matrix', 'half']);
    deepEqual(await file.readTensor('vector'), VECTOR);
    const { dims, data } = await file.readTensor('matrix');
    deepEqual(dims, [2, 32]);
    ok(data.every((value, i) => Math.abs(value - MATRIX.data[i]!) < 0.002));
    equal(file.metadata.integer('a.uint32'), 4_294_967_295);
    equal(file.metadata.text('general.architecture'), 'llama');
    await file.close();
    equal(await isGgufFile(join(dir, 'good.gguf')), true);
  });

  it('of version 2 is read the same', async () => {
    const older = Buffer.from(good);
    older.writeUInt32LE(2, 4);
    const file = await opened(older);
    deepEqual(await file.readTensor('vector'), VECTOR);
    await file.close();
  });

  async function opened(bytes: Uint8Array): Promise<GgufFile> {
    const path = join(dir, 'changed.gguf');
    writeFileSync(path, bytes);
    return GgufFile.open(path);
  }

  function changed(change: (bytes: Buffer) => void): Buffer {
    const bytes = Buffer.from(good);
    change(bytes);
    return bytes;
  }

  /** Where the infos of a tensor's name ends: axes, sizes, type, offset follow. */
  const infoOf = (name: string) => good.indexOf(Buffer.concat([lengthOf(name), Buffer.from(name)])) + 8 + name.length;
  const lengthOf = (name: string) => {
    const field = Buffer.alloc(8);
    field.writeBigUInt64LE(BigInt(name.length));
    return field;
  };
  const valueOf = (key: string) => good.indexOf(key) + key.length;

  it('that is cut short is refused wherever the cut is', async () => {
    for (let length = 0; length < good.length - 32; length += 7) {
      await rejects(opened(good.subarray(0, length)), { code: 'GGUF_INVALID' }, `${length} bytes`);
    }
  });

  it('that lies about its counts is refused before anything is allocated', async () => {
    const huge = 2n ** 63n;
    for (const [what, bytes, message] of [
      ['tensors', changed((b) => b.writeBigUInt64LE(huge, 8)), /9223372036854775808 tensors announced/],
      ['entries', changed((b) => b.writeBigUInt64LE(huge, 16)), /metadata entries announced/],
      ['key', changed((b) => b.writeBigUInt64LE(huge, 24)), /key of metadata entry 0: 9223372036854775808 bytes/],
      [
        'text',
        changed((b) => b.writeBigUInt64LE(2n ** 40n, valueOf('general.architecture') + 4)),
        /1099511627776 bytes/,
      ],
      ['texts', changed((b) => b.writeBigUInt64LE(huge, valueOf('a.texts') + 8)), /elements of a.texts announced/],
      ['numbers', changed((b) => b.writeBigUInt64LE(2n ** 32n, valueOf('a.int32s') + 8)), /elements of a.int32s/],
      ['size', changed((b) => b.writeBigUInt64LE(huge, infoOf('vector') + 4)), /tensor vector: size/],
      ['axes', changed((b) => b.writeUInt32LE(2 ** 31, infoOf('vector'))), /axes; expected 1 to 4/],
    ] as const) {
      await rejects(opened(bytes), { code: 'GGUF_INVALID', message }, what);
    }
  });

  it('whose tensors overlap, leave gaps, or change their shape is refused', async () => {
    const offsetOf = (name: string, axes: number) => infoOf(name) + 4 + 8 * axes + 4;
    for (const [bytes, message] of [
      [changed((b) => b.writeBigUInt64LE(0n, offsetOf('matrix', 2))), /overlaps the tensor before it/],
      [changed((b) => b.writeBigUInt64LE(64n, offsetOf('matrix', 2))), /leaves a gap/],
      [changed((b) => b.writeBigUInt64LE(2n ** 63n, offsetOf('half', 2))), /leaves a gap/],
      [changed((b) => b.writeBigUInt64LE(4096n, infoOf('half') + 4)), /truncated/],
      [changed((b) => b.writeBigUInt64LE(1n, infoOf('half') + 12)), /belong to none/],
      [changed((b) => b.writeBigUInt64LE(33n, infoOf('matrix') + 4)), /no whole Q8_0 blocks/],
      [changed((b) => b.writeBigUInt64LE(0n, infoOf('vector') + 4)), /size 0/],
    ] as const) {
      await rejects(opened(bytes), { code: 'GGUF_INVALID', message }, String(message));
    }
  });

  it('with types that nobody knows is refused by name', async () => {
    const typeAt = infoOf('vector') + 4 + 8;
    await rejects(opened(changed((b) => b.writeUInt32LE(4, typeAt))), { code: 'GGUF_UNSUPPORTED', message: /type 4;/ });
    await rejects(opened(changed((b) => b.writeUInt32LE(13, valueOf('a.uint8')))), { message: /value type 13/ });
    await rejects(opened(changed((b) => b.writeUInt32LE(9, valueOf('a.texts') + 4))), { message: /array of arrays/ });
    await rejects(opened(changed((b) => b.writeUInt8(2, valueOf('a.bool') + 4))), {
      message: /neither true nor false/,
    });
    await rejects(opened(changed((b) => b.writeUInt32LE(1, 4))), { code: 'GGUF_UNSUPPORTED', message: /version 1/ });
    await rejects(opened(changed((b) => b.writeUInt32BE(3, 4))), { code: 'GGUF_UNSUPPORTED', message: /big-endian/ });
    await rejects(opened(changed((b) => b.write('GGML', 0))), { code: 'GGUF_INVALID', message: /not "GGUF"/ });
  });

  it('with a key or a tensor twice is refused', async () => {
    const twice = changed((b) => b.write('a.int8', good.indexOf('a.bool'), 'latin1'));
    await rejects(opened(twice), { code: 'GGUF_INVALID', message: /a.int8: stands twice/ });
    const path = join(dir, 'twice.gguf');
    const tensor = { name: 'same', type: 'F32', dims: [3], read: () => VECTOR } as const;
    await writeGguf(path, { metadata: new Map(), tensors: [tensor, tensor] });
    await rejects(GgufFile.open(path), { code: 'GGUF_INVALID', message: /tensor same: stands twice/ });
  });

  it('with a sound tensor of a type not read here is refused only when that tensor is read', async () => {
    // 3 float32 as 3 int32: the same size.
    const file = await opened(changed((b) => b.writeUInt32LE(26, infoOf('vector') + 4 + 8)));
    await rejects(file.readTensor('vector'), { code: 'GGUF_UNSUPPORTED', message: /tensor vector of type I32/ });
    await file.close();
  });

  it('whose values are of other types than asked for says so', async () => {
    const { metadata, ...file } = await GgufFile.open(join(dir, 'good.gguf')).then((found) => ({
      metadata: found.metadata,
      close: () => found.close(),
    }));
    for (const read of [
      () => metadata.text('a.uint8'),
      () => metadata.integer('a.float32'),
      () => metadata.integer('a.uint64'),
      () => metadata.flag('general.architecture'),
      () => metadata.texts('a.int32s'),
      () => metadata.numbers('a.uint64s'),
      () => metadata.texts('a.bool'),
      () => metadata.required('gone', metadata.text('gone')),
    ]) {
      await rejects(async () => read(), { code: 'GGUF_INVALID' });
    }
    await file.close();
  });
});

/**
 * @file Writes GGUF files: header, metadata, tensors one by one, so that no more than one is in memory in its stored form.
 *
 *   "GGUF" │ u32 version │ u64 tensors │ u64 entries │ entries │ tensor infos │ padding │ data, each tensor padded
 *
 * Written as llama.cpp reads and writes it: version 3, little-endian, dimensions innermost first. Source: ggml's gguf.cpp
 * and docs/gguf.md. The file is made beside its place, synced, then renamed over it.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { assert, elementCount, type F32Tensor } from '#core';
import { ALIGNMENT_DEFAULT, ALIGNMENT_KEY, GGUF_MAGIC, GGUF_VERSION } from './gguf-header.js';
import { GGML_TYPES, ggmlBytes } from './ggml-types.js';
import { ARRAY_TYPE_ID, VALUE_TYPES, type GgufEntries, type GgufScalarType, type GgufValue } from './gguf-value.js';
import { quantise, type WritableGgmlType } from './quantise.js';

/** A tensor to write; `read` is called once, when its turn comes. */
export interface GgufTensorSource {
  /** The name in the file, for instance `blk.0.attn_q.weight`. */
  readonly name: string;
  readonly type: WritableGgmlType;
  /** Outermost axis first, as everywhere here. */
  readonly dims: readonly number[];
  read(): F32Tensor | Promise<F32Tensor>;
}

export interface GgufContent {
  /** `general.alignment` counts where it is given. */
  readonly metadata: GgufEntries;
  readonly tensors: readonly GgufTensorSource[];
}

/** Writes a GGUF file. */
export async function writeGguf(path: string, { metadata, tensors }: GgufContent): Promise<void> {
  const alignment = alignmentOf(metadata);
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w');
  try {
    const header = encodeGgufHeader(metadata, tensors, alignment);
    await writePadded(handle, header, alignment);
    for (const source of tensors) {
      const { name, type, dims } = source;
      const tensor = await source.read();
      assert(tensor.dims.join() === dims.join(), `${name}: announced [${dims.join()}], got [${tensor.dims.join()}]`);
      await writePadded(handle, quantise(type, tensor.data), alignment);
    }
    await handle.sync();
  } catch (thrown) {
    await handle.close();
    await rm(partial, { force: true });
    throw thrown;
  }
  await handle.close();
  await rename(partial, path);
}

/** Everything before the data, not yet padded. */
export function encodeGgufHeader(
  metadata: GgufEntries,
  tensors: readonly Pick<GgufTensorSource, 'name' | 'type' | 'dims'>[],
  alignment: number = ALIGNMENT_DEFAULT,
): Uint8Array {
  const out = new ByteWriter();
  out.bytes(Buffer.from(GGUF_MAGIC, 'latin1'));
  out.u32(GGUF_VERSION);
  out.u64(tensors.length);
  out.u64(metadata.size);
  for (const [key, value] of metadata) {
    out.text(key);
    out.value(value);
  }
  let offset = 0;
  for (const { name, type, dims } of tensors) {
    const { id, elements } = GGML_TYPES[type];
    assert((dims.at(-1) ?? 0) % elements === 0, `${name}: rows of ${dims.at(-1)} are no whole ${type} blocks`);
    out.text(name);
    out.u32(dims.length);
    for (const size of dims.toReversed()) out.u64(size);
    out.u32(id);
    out.u64(offset);
    offset += paddedLength(ggmlBytes(type, elementCount(dims)), alignment);
  }
  return out.finish();
}

function alignmentOf(metadata: GgufEntries): number {
  const value = metadata.get(ALIGNMENT_KEY);
  return value?.type === 'uint32' ? value.value : ALIGNMENT_DEFAULT;
}

function paddedLength(length: number, alignment: number): number {
  return Math.ceil(length / alignment) * alignment;
}

async function writePadded(handle: FileHandle, bytes: Uint8Array, alignment: number): Promise<void> {
  await handle.writeFile(bytes);
  const padding = paddedLength(bytes.byteLength, alignment) - bytes.byteLength;
  if (padding > 0) await handle.writeFile(Buffer.alloc(padding));
}

/** Little-endian values in a growing buffer. */
class ByteWriter {
  private buffer = Buffer.alloc(2 ** 16);
  private length = 0;

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.byteLength);
    this.buffer.set(bytes, this.length);
    this.length += bytes.byteLength;
  }

  u32(value: number): void {
    this.number('uint32', value);
  }

  u64(value: number): void {
    this.number('uint64', BigInt(value));
  }

  text(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.u64(bytes.byteLength);
    this.bytes(bytes);
  }

  value(value: GgufValue): void {
    if (value.type !== 'array') {
      this.u32(VALUE_TYPES.indexOf(value.type));
      this.scalar(value.type, value.value);
      return;
    }
    this.u32(ARRAY_TYPE_ID);
    this.u32(VALUE_TYPES.indexOf(value.of));
    this.u64(value.values.length);
    for (const element of value.values) this.scalar(value.of, element);
  }

  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private scalar(type: GgufScalarType, value: number | bigint | boolean | string): void {
    if (type === 'string') this.text(String(value));
    else if (type === 'bool') this.bytes(Uint8Array.of(value === true ? 1 : 0));
    else this.number(type, value as number | bigint);
  }

  private number(type: Exclude<GgufScalarType, 'string' | 'bool'>, value: number | bigint): void {
    this.reserve(8);
    const { buffer, length } = this;
    const write: { readonly [T in typeof type]: (value: never) => number } = {
      uint8: (n) => buffer.writeUInt8(n, length),
      int8: (n) => buffer.writeInt8(n, length),
      uint16: (n) => buffer.writeUInt16LE(n, length),
      int16: (n) => buffer.writeInt16LE(n, length),
      uint32: (n) => buffer.writeUInt32LE(n, length),
      int32: (n) => buffer.writeInt32LE(n, length),
      float32: (n) => buffer.writeFloatLE(n, length),
      float64: (n) => buffer.writeDoubleLE(n, length),
      uint64: (n) => buffer.writeBigUInt64LE(n, length),
      int64: (n) => buffer.writeBigInt64LE(n, length),
    };
    this.length = write[type](value as never);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = Buffer.alloc(Math.max(this.buffer.length * 2, this.length + count));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

/**
 * @file A GGUF file on disk: its header is read once, its tensors one by one where they lie, a few megabytes at a time.
 * The whole file is never in memory.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { elementCount, f32Tensor, present, type F32Tensor } from '#core';
import { READABLE_GGML_TYPES, dequantise } from './dequantise.js';
import { HeaderCutShort } from './gguf-cursor.js';
import { GGUF_MAGIC, parseGgufHeader, type GgufHeader, type GgufTensorInfo } from './gguf-header.js';
import { GgufMetadata } from './gguf-metadata.js';
import { GGML_TYPES } from './ggml-types.js';
import { GgufInvalidError, GgufUnsupportedError } from './gguf.errors.js';

/** First guess for the header's length: holds the vocabularies of most models. */
const HEADER_BYTES_FIRST = 2 ** 22;
/** As the reader of safetensors: no header in use comes near. */
const HEADER_BYTES_MAX = 100_000_000;
/** Stored bytes read at a time. */
const CHUNK_BYTES = 2 ** 20;

export class GgufFile {
  readonly metadata: GgufMetadata;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly header: GgufHeader,
  ) {
    this.metadata = new GgufMetadata(path, header.metadata);
  }

  /** Opens a file and reads its header. @throws GgufInvalidError, GgufUnsupportedError; the system's own errors */
  static async open(path: string): Promise<GgufFile> {
    const handle = await open(path, 'r');
    try {
      return new GgufFile(path, handle, await readHeader(handle, path));
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }

  /** Name → info, in the file's order. */
  get tensors(): ReadonlyMap<string, GgufTensorInfo> {
    return this.header.tensors;
  }

  /** A tensor as float32, in the file's own order of rows. @throws GgufUnsupportedError for a type not read here */
  async readTensor(name: string): Promise<F32Tensor> {
    const { type, dims, begin, end } = present(this.tensors.get(name), `tensor ${name} of ${this.path}`);
    if (!READABLE_GGML_TYPES.includes(type)) {
      throw new GgufUnsupportedError(this.path, `tensor ${name} of type ${type}`, READABLE_GGML_TYPES.join(', '));
    }
    const data = new Float32Array(elementCount(dims));
    const block = GGML_TYPES[type];
    const chunkBytes = Math.floor(CHUNK_BYTES / block.bytes) * block.bytes;
    const chunk = new Uint8Array(Math.min(chunkBytes, end - begin)); // one for all: garbage is collected late
    for (let at = begin; at < end; at += chunkBytes) {
      const bytes = chunk.subarray(0, end - at);
      await readInto(this.handle, at, bytes, this.path);
      dequantise(type, bytes, data, ((at - begin) / block.bytes) * block.elements);
    }
    return f32Tensor(dims, data);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** True when a file begins as GGUF files do. */
export async function isGgufFile(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(GGUF_MAGIC.length), 0, GGUF_MAGIC.length, 0);
    return buffer.toString('latin1') === GGUF_MAGIC;
  } finally {
    await handle.close();
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<GgufHeader> {
  const { size } = await handle.stat();
  let length = Math.min(HEADER_BYTES_FIRST, size);
  for (;;) {
    const bytes = await readRange(handle, 0, length, path);
    try {
      return parseGgufHeader(bytes, size, path);
    } catch (thrown) {
      if (!(thrown instanceof HeaderCutShort)) throw thrown;
      if (thrown.bytesNeeded > HEADER_BYTES_MAX) {
        throw new GgufInvalidError(path, `header of more than ${HEADER_BYTES_MAX} bytes`, { cause: thrown });
      }
      length = Math.min(Math.max(thrown.bytesNeeded, length * 4), size, HEADER_BYTES_MAX);
    }
  }
}

async function readRange(handle: FileHandle, start: number, length: number, where: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await readInto(handle, start, bytes, where);
  return bytes;
}

async function readInto(handle: FileHandle, start: number, bytes: Uint8Array, where: string): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesRead } = await handle.read(bytes, done, bytes.byteLength - done, start + done);
    if (bytesRead === 0) throw new GgufInvalidError(where, `truncated at byte ${start + done} while reading`);
    done += bytesRead;
  }
}

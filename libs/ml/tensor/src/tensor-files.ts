/**
 * @file Tensors on disk: one safetensors file, or the shards of a model folder.
 *
 * Each tensor is read into its own buffer, so that a model needs no more memory than its weights, and files beyond two
 * gigabytes can be read.
 */
import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, type DType, type F32Tensor, type TensorMap } from '#core';
import { LENGTH_BYTES, headerLength, parseHeader } from './safetensors-header.js';
import { TORCH_METADATA, safetensorsParts, type TensorFile } from './safetensors.js';
import { fromF32Tensor, toF32Tensor, type StoredTensor } from './stored-tensor.js';
import { SafetensorsInvalidError } from './tensor.errors.js';

/** Single-file name of a Hugging Face model folder. */
export const MODEL_FILE = 'model.safetensors';
/** Index of a folder whose weights are split. */
export const SHARD_INDEX_FILE = 'model.safetensors.index.json';

/** Node reads at most 2³¹ − 1 bytes at once. */
const READ_BYTES_MAX = 2 ** 30;

/** Reads a safetensors file. @throws SafetensorsInvalidError; the system's error where the file cannot be opened. */
export async function readTensorFile(path: string): Promise<TensorFile> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const first = await readRange(handle, 0, Math.min(LENGTH_BYTES, size), path);
    const length = headerLength(first, size, path);
    const json = await readRange(handle, LENGTH_BYTES, length, path);
    const dataStart = LENGTH_BYTES + length;
    const { entries, metadata } = parseHeader(json, size - dataStart, path);
    const tensors = new Map<string, StoredTensor>();
    for (const { name, dtype, dims, begin, end } of entries) {
      tensors.set(name, { dtype, dims, bytes: await readRange(handle, dataStart + begin, end - begin, path) });
    }
    return { tensors, metadata };
  } finally {
    await handle.close();
  }
}

/** Reads every tensor of a file as float32. */
export async function readF32Tensors(path: string): Promise<Map<string, F32Tensor>> {
  const { tensors } = await readTensorFile(path);
  const result = new Map<string, F32Tensor>();
  for (const [name, stored] of tensors) result.set(name, toF32Tensor(stored, { name, where: path }));
  return result;
}

/** The weight files of a model folder: its shards in order of name, or the single file. */
export async function weightFiles(dir: string): Promise<string[]> {
  const index = await readShardIndex(dir);
  return index === undefined ? [MODEL_FILE] : [...new Set(index.values())].sort();
}

/** Reads all weights of a model folder as float32, from one file or from shards. */
export async function readModelTensors(dir: string): Promise<Map<string, F32Tensor>> {
  const index = await readShardIndex(dir);
  const result = new Map<string, F32Tensor>();
  for (const file of await weightFiles(dir)) {
    const path = join(dir, file);
    for (const [name, tensor] of await readF32Tensors(path)) {
      if (result.has(name)) throw new SafetensorsInvalidError(path, 'is in two shards', { tensorName: name });
      result.set(name, tensor);
    }
  }
  for (const [name, file] of index ?? []) {
    if (result.has(name)) continue;
    throw new SafetensorsInvalidError(join(dir, SHARD_INDEX_FILE), `promised in ${file}, but not there`, {
      tensorName: name,
    });
  }
  return result;
}

export interface WriteOptions {
  /** Element type in the file. @default 'f32' */
  readonly dtype?: Exclude<DType, 'i64'>;
  /** @default { format: 'pt' } */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes tensors to one canonical file: beside its place first, synced, then renamed over it. */
export async function writeTensors(path: string, tensors: TensorMap, options: WriteOptions = {}): Promise<void> {
  const { dtype = 'f32', metadata = TORCH_METADATA } = options;
  const stored = new Map([...tensors].map(([name, tensor]) => [name, fromF32Tensor(tensor, dtype)]));
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w');
  try {
    for (const part of safetensorsParts({ tensors: stored, metadata })) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, path);
}

async function readShardIndex(dir: string): Promise<Map<string, string> | undefined> {
  const path = join(dir, SHARD_INDEX_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  let weightMap: unknown;
  try {
    weightMap = (JSON.parse(text) as { weight_map?: unknown } | null)?.weight_map;
  } catch (cause) {
    throw new SafetensorsInvalidError(path, `is not JSON: ${messageOf(cause)}`, { cause });
  }
  const entries = typeof weightMap === 'object' && weightMap !== null ? Object.entries(weightMap) : undefined;
  if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string' && !/[/\\]/.test(entry[1]))) {
    throw new SafetensorsInvalidError(path, 'weight_map must map each tensor to a file of this folder');
  }
  return new Map(entries);
}

async function readRange(handle: FileHandle, start: number, length: number, where: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, READ_BYTES_MAX), start + done);
    if (bytesRead === 0) throw new SafetensorsInvalidError(where, `truncated at byte ${start + done} while reading`);
    done += bytesRead;
  }
  return bytes;
}

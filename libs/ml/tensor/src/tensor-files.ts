/**
 * @file One safetensors file on disk, read and written tensor by tensor.
 *
 * Each tensor is read into its own buffer and widened in passing, so that a model needs no more memory than its float32
 * weights, and files beyond two gigabytes can be read.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { assert, elementCount, f32Tensor, type DType, type F32Tensor, type TensorMap } from '#core';
import { indexOfNotFinite, narrowBf16, narrowF16, widenBf16, widenF16 } from './float-arrays.js';
import { LENGTH_BYTES, headerLength, parseHeader, type Header, type HeaderEntry } from './safetensors-header.js';
import { TORCH_METADATA, safetensorsHeader, type TensorFile } from './safetensors.js';
import { CHUNK_BYTES, SequentialFile } from './sequential-file.js';
import { FILE_DTYPES, toF32Tensor, type StoredTensor } from './stored-tensor.js';
import { WeightNotFiniteError } from './tensor.errors.js';

/** Reads a safetensors file as it is. @throws SafetensorsInvalidError; the system's error where it cannot be opened */
export async function readTensorFile(path: string): Promise<TensorFile> {
  await using file = await SequentialFile.open(path);
  const { entries, metadata } = await readHeader(file, path);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    tensors.set(entry.name, await readStored(file, entry));
  }
  return { tensors, metadata };
}

/** Reads every tensor of a file as float32. */
export async function readF32Tensors(path: string): Promise<Map<string, F32Tensor>> {
  await using file = await SequentialFile.open(path);
  const { entries } = await readHeader(file, path);
  const tensors = new Map<string, F32Tensor>();
  for (const entry of entries) tensors.set(entry.name, await readWidened(file, entry, path));
  return tensors;
}

export interface WeightsFile {
  readonly tensors: ReadonlyMap<string, F32Tensor>;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly digestHex: string;
}

/** Reads a file of weights, each of which has to be a number. Tensors that `skip` names are passed over. */
export async function readWeightsFile(path: string, skip: (name: string) => boolean): Promise<WeightsFile> {
  await using file = await SequentialFile.open(path, { hash: true });
  const { entries } = await readHeader(file, path);
  const tensors = new Map<string, F32Tensor>();
  for (const entry of entries) {
    if (skip(entry.name)) {
      await passOver(file, entry.end - entry.begin);
      continue;
    }
    const tensor = await readWidened(file, entry, path);
    const bad = indexOfNotFinite(tensor.data);
    if (bad >= 0) throw new WeightNotFiniteError(path, entry.name, bad, tensor.data[bad]!);
    tensors.set(entry.name, tensor);
  }
  return { tensors, digestHex: file.digestHex() };
}

export interface WriteOptions {
  /** Element type in the file. @default 'f32' */
  readonly dtype?: Exclude<DType, 'i64'>;
  /** @default { format: 'pt' } */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A tensor that is made when its turn comes. */
export interface TensorSource {
  readonly dims: readonly number[];
  read(): F32Tensor | Promise<F32Tensor>;
}

/** Writes tensors to one canonical file: beside its place first, synced, then renamed over it. */
export async function writeTensors(path: string, tensors: TensorMap, options: WriteOptions = {}): Promise<void> {
  const sources = [...tensors].map(([name, tensor]) => [name, { dims: tensor.dims, read: () => tensor }] as const);
  await writeTensorSources(path, new Map(sources), options);
}

/** The same for tensors of which only one is in memory at a time. */
export async function writeTensorSources(
  path: string,
  sources: ReadonlyMap<string, TensorSource>,
  options: WriteOptions = {},
): Promise<void> {
  const { dtype = 'f32', metadata = TORCH_METADATA } = options;
  const described = [...sources].map(([name, { dims }]) => [name, { dtype: FILE_DTYPES[dtype], dims }] as const);
  const { prefix, names } = safetensorsHeader(new Map(described), metadata);
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w');
  try {
    await handle.writeFile(prefix);
    for (const name of names) {
      const source = sources.get(name) as TensorSource;
      const tensor = await source.read();
      assert(tensor.dims.join() === source.dims.join(), `${name}: announced [${source.dims.join()}]`);
      await writeNarrowed(handle, tensor, dtype);
    }
    await handle.sync();
    await handle.close();
    await rename(partial, path);
  } catch (thrown) {
    await handle.close();
    await rm(partial, { force: true });
    throw thrown;
  }
}

async function readHeader(file: SequentialFile, path: string): Promise<Header> {
  const first = new Uint8Array(Math.min(LENGTH_BYTES, file.sizeBytes));
  await file.read(first);
  const json = new Uint8Array(headerLength(first, file.sizeBytes, path));
  await file.read(json);
  return parseHeader(json, file.sizeBytes - LENGTH_BYTES - json.byteLength, path);
}

async function readStored(file: SequentialFile, { dtype, dims, begin, end }: HeaderEntry): Promise<StoredTensor> {
  const bytes = new Uint8Array(end - begin);
  await file.read(bytes);
  return { dtype, dims, bytes };
}

async function readWidened(file: SequentialFile, entry: HeaderEntry, where: string): Promise<F32Tensor> {
  const { name, dtype, dims } = entry;
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') {
    return toF32Tensor(await readStored(file, entry), { name, where });
  }
  const data = new Float32Array(elementCount(dims));
  if (dtype === 'F32') {
    await file.read(new Uint8Array(data.buffer));
    return f32Tensor(dims, data);
  }
  const widen = dtype === 'F16' ? widenF16 : widenBf16;
  const chunk = new Uint16Array(Math.min(data.length, CHUNK_BYTES / Uint16Array.BYTES_PER_ELEMENT));
  for (let at = 0; at < data.length; at += chunk.length) {
    const bits = chunk.subarray(0, Math.min(chunk.length, data.length - at));
    await file.read(new Uint8Array(bits.buffer, 0, bits.byteLength));
    widen(bits, data.subarray(at, at + bits.length));
  }
  return f32Tensor(dims, data);
}

async function passOver(file: SequentialFile, byteCount: number): Promise<void> {
  const chunk = new Uint8Array(Math.min(byteCount, CHUNK_BYTES));
  for (let at = 0; at < byteCount; at += chunk.length) await file.read(chunk.subarray(0, byteCount - at));
}

async function writeNarrowed(handle: FileHandle, { data }: F32Tensor, dtype: Exclude<DType, 'i64'>): Promise<void> {
  if (dtype === 'f32') {
    await handle.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return;
  }
  const narrow = dtype === 'f16' ? narrowF16 : narrowBf16;
  const chunk = new Uint16Array(Math.min(data.length, CHUNK_BYTES / Uint16Array.BYTES_PER_ELEMENT));
  for (let at = 0; at < data.length; at += chunk.length) {
    const bits = chunk.subarray(0, Math.min(chunk.length, data.length - at));
    narrow(data.subarray(at, at + bits.length), bits);
    await handle.writeFile(new Uint8Array(bits.buffer, 0, bits.byteLength));
  }
}

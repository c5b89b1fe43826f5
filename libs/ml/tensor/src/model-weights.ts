/**
 * @file The weights of a Hugging Face model folder: one file, or shards that an index names.
 *
 * The index comes from whoever made the model, so it may name only files of the folder itself. Every file is read once;
 * its digest is taken in passing.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { duplicateKey, messageOf, parseForeignJson, type F32Tensor } from '#core';
import { SafetensorsInvalidError } from './tensor.errors.js';
import { readWeightsFile } from './tensor-files.js';

/** Single-file name of a Hugging Face model folder. */
export const MODEL_FILE = 'model.safetensors';
/** Index of a folder whose weights are split. */
export const SHARD_INDEX_FILE = 'model.safetensors.index.json';

/** Half a million tensors fit; the largest models have some tens of thousands. */
const INDEX_BYTES_MAX = 64 << 20;

export interface ModelWeights {
  /** Every tensor as float32. */
  readonly tensors: ReadonlyMap<string, F32Tensor>;
  /** File name → SHA-256 of its bytes, hexadecimal; in order of name. */
  readonly fileDigests: ReadonlyMap<string, string>;
}

export interface ReadWeightsOptions {
  /** Tensors that need not be kept: buffers, and copies of others. */
  readonly skip?: (name: string) => boolean;
}

/** The weight files of a model folder: its shards in order of name, or the single file. */
export async function weightFiles(dir: string): Promise<string[]> {
  const index = await readShardIndex(dir);
  return index === undefined ? [MODEL_FILE] : shardsOf(index);
}

/**
 * Reads all weights of a model folder.
 *
 * @throws SafetensorsInvalidError, WeightNotFiniteError; the system's ENOENT where the folder has no weights at all
 */
export async function readModelWeights(
  dir: string,
  { skip = () => false }: ReadWeightsOptions = {},
): Promise<ModelWeights> {
  const index = await readShardIndex(dir);
  const files = index === undefined ? [MODEL_FILE] : shardsOf(index);
  if (index !== undefined) for (const file of files) await requireShard(dir, file);
  const tensors = new Map<string, F32Tensor>();
  const fileDigests = new Map<string, string>();
  for (const file of files) {
    const path = join(dir, file);
    const read = await readWeightsFile(path, skip);
    fileDigests.set(file, read.digestHex);
    for (const [name, tensor] of read.tensors) {
      if (tensors.has(name)) throw new SafetensorsInvalidError(path, 'is in two shards', { tensorName: name });
      const promised = index?.get(name) ?? file;
      if (promised !== file) {
        throw new SafetensorsInvalidError(path, `is here, but the index says ${promised}`, { tensorName: name });
      }
      tensors.set(name, tensor);
    }
  }
  for (const [name, file] of index ?? []) {
    if (tensors.has(name) || skip(name)) continue;
    throw new SafetensorsInvalidError(join(dir, SHARD_INDEX_FILE), `promised in ${file}, but not there`, {
      tensorName: name,
    });
  }
  return { tensors, fileDigests };
}

function shardsOf(index: ReadonlyMap<string, string>): string[] {
  return [...new Set(index.values())].sort();
}

/** Tensor → file of this folder, or undefined where there is no index. */
async function readShardIndex(dir: string): Promise<Map<string, string> | undefined> {
  const path = join(dir, SHARD_INDEX_FILE);
  const found = await stat(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  });
  if (found === undefined) return undefined;
  if (!found.isFile() || found.size > INDEX_BYTES_MAX) {
    throw new SafetensorsInvalidError(path, `is not a file of at most ${INDEX_BYTES_MAX} bytes`);
  }
  return parseShardIndex(await readFile(path, 'utf8'), path);
}

/** Reads an index without trust. @throws SafetensorsInvalidError */
export function parseShardIndex(text: string, where: string): Map<string, string> {
  let weightMap: unknown;
  try {
    weightMap = (parseForeignJson(text) as { weight_map?: unknown } | null)?.weight_map;
  } catch (cause) {
    throw new SafetensorsInvalidError(where, `is not JSON: ${messageOf(cause)}`, { cause });
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new SafetensorsInvalidError(where, `names ${twice.slice(0, 100)} twice`);
  if (typeof weightMap !== 'object' || weightMap === null || Array.isArray(weightMap)) {
    throw new SafetensorsInvalidError(where, 'weight_map must map each tensor to a file of this folder');
  }
  const index = new Map<string, string>();
  for (const [tensorName, file] of Object.entries(weightMap)) {
    if (!isPlainFileName(file)) {
      throw new SafetensorsInvalidError(where, 'weight_map must name a file of this folder, *.safetensors', {
        tensorName,
      });
    }
    index.set(tensorName, file);
  }
  if (index.size === 0) throw new SafetensorsInvalidError(where, 'weight_map names no tensor');
  return index;
}

/** No folder, no drive, no way up. */
function isPlainFileName(file: unknown): file is string {
  return typeof file === 'string' && /^[^/\\:\0]+\.safetensors$/.test(file) && file.length <= 255;
}

/** A shard has to be a file that lies in the folder; in the Hub's cache it is a link into `blobs` beside `snapshots`. */
async function requireShard(dir: string, file: string): Promise<void> {
  const path = join(dir, SHARD_INDEX_FILE);
  const real = await realpath(join(dir, file)).catch((cause: unknown) => {
    throw new SafetensorsInvalidError(path, `names ${file}, which is absent: fetch the model again`, { cause });
  });
  const folder = await realpath(dir);
  const allowed = [folder];
  if (basename(dirname(folder)) === 'snapshots') allowed.push(join(dirname(dirname(folder)), 'blobs'));
  if (allowed.some((parent) => real.startsWith(parent + sep))) return;
  throw new SafetensorsInvalidError(path, `names ${file}, a link out of the folder: put the file itself there`);
}

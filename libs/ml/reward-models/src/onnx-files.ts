/**
 * @file The files of an exported classifier, and what their config.json says of it.
 *
 * Weights may lie in files beside the .onnx file; it names them, so the digest covers them too.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize, isAbsolute } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { digestOf, messageOf, type Digest } from '#core';
import { ClassifierInvalidError } from './reward-models.errors.js';

export interface ExportedConfig {
  /** Null where config.json is absent or names none. */
  readonly architecture: string | null;
  /** Null where config.json does not say. */
  readonly labels: readonly string[] | null;
  readonly padTokenId: number | null;
  /** Rows of the embedding, where config.json says. */
  readonly vocabularySize: number | null;
  /** What the files state as the longest input, in tokens; of any type. */
  readonly limits: readonly unknown[];
}

/** Key of an external tensor's file in an .onnx file: a string entry `location` (field 1) with its value (field 2). */
const LOCATION_ENTRY = Buffer.from([0x0a, 8, ...Buffer.from('location'), 0x12]);
const LENGTH_ONE_BYTE_MAX = 0x7f;

/** Digest over the .onnx file, the files of weights that it names, and config.json. */
export async function onnxDigest(folder: string, file: string): Promise<Digest> {
  const path = join(folder, file);
  const model = await readFile(path).catch((cause: unknown) => {
    throw new ClassifierInvalidError(path, `cannot be read: ${messageOf(cause)}`);
  });
  const parts = [`${file}:${createHash('sha256').update(model).digest('hex')}\n`];
  for (const location of externalFiles(path, model)) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(dirname(path), location)), hash).catch((cause: unknown) => {
      throw new ClassifierInvalidError(path, `names weights in ${location}, which cannot be read: ${messageOf(cause)}`);
    });
    parts.push(`${location}:${hash.digest('hex')}\n`);
  }
  return digestOf(...parts, (await textOf(join(folder, 'config.json'))) ?? '');
}

/** @throws ClassifierInvalidError for a file outside the folder */
function externalFiles(path: string, model: Buffer): string[] {
  const found = new Set<string>();
  for (let at = model.indexOf(LOCATION_ENTRY); at >= 0; at = model.indexOf(LOCATION_ENTRY, at + 1)) {
    const lengthAt = at + LOCATION_ENTRY.length;
    const length = model[lengthAt] ?? 0;
    if (length === 0 || length > LENGTH_ONE_BYTE_MAX) {
      throw new ClassifierInvalidError(path, 'names a file of weights by no name, or by one longer than 127 bytes');
    }
    const location = model.toString('utf8', lengthAt + 1, lengthAt + 1 + length);
    if (isAbsolute(location) || normalize(location).startsWith('..')) {
      throw new ClassifierInvalidError(path, `names weights outside its folder: ${JSON.stringify(location)}`);
    }
    found.add(location);
  }
  return [...found].sort();
}

/** config.json and tokenizer_config.json, as far as they are there. */
export async function readExportedConfig(folder: string): Promise<ExportedConfig> {
  const config = await jsonObjectOf(join(folder, 'config.json'));
  const tokenizer = await jsonObjectOf(join(folder, 'tokenizer_config.json'));
  const { architectures, id2label, pad_token_id: padTokenId, max_position_embeddings: positions } = config;
  const whole = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);
  return {
    architecture: Array.isArray(architectures) && typeof architectures[0] === 'string' ? architectures[0] : null,
    labels: labelsOf(id2label),
    padTokenId: whole(padTokenId),
    vocabularySize: whole(config['vocab_size']),
    limits: [positions, tokenizer['model_max_length']],
  };
}

function labelsOf(id2label: unknown): string[] | null {
  if (typeof id2label !== 'object' || id2label === null) return null;
  const entries = Object.entries(id2label).sort(([a], [b]) => Number(a) - Number(b));
  return entries.length === 0 ? null : entries.map(([, name]) => String(name));
}

async function jsonObjectOf(path: string): Promise<Record<string, unknown>> {
  const text = await textOf(path);
  if (text === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch (cause) {
    throw new ClassifierInvalidError(path, `is not JSON: ${messageOf(cause)}`);
  }
  throw new ClassifierInvalidError(path, 'is not a JSON object');
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}

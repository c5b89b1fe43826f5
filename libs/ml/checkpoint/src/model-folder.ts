/** @file What a model's path leads to: a Hugging Face folder or a GGUF file. Anything else is refused by name. */
import { stat } from 'node:fs/promises';
import { isGgufFile } from '#ml/gguf';
import { FeatureUnsupportedError, ModelConfigMissingError } from './checkpoint.errors.js';

const FOLDER = 'a Hugging Face model folder (config.json, model.safetensors, tokenizer.json)';

/** @throws FeatureUnsupportedError for another file, ModelConfigMissingError for nothing */
export async function modelKind(path: string): Promise<'folder' | 'gguf'> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ModelConfigMissingError(path, cause);
  });
  if (found.isDirectory()) return 'folder';
  if (found.isFile() && (await isGgufFile(path))) return 'gguf';
  throw new FeatureUnsupportedError(path, 'a single file that is no GGUF file', `${FOLDER}, or a GGUF file`);
}

/** For what only a folder holds. @throws FeatureUnsupportedError for a file, ModelConfigMissingError for nothing */
export async function requireModelFolder(path: string): Promise<void> {
  if ((await modelKind(path)) === 'folder') return;
  throw new FeatureUnsupportedError(path, 'a GGUF file', FOLDER);
}

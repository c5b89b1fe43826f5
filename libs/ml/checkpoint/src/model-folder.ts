/** @file Is this a model folder at all? Other ways to hand over a model are refused by name, not by what they lack. */
import { open, stat } from 'node:fs/promises';
import { FeatureUnsupportedError, ModelConfigMissingError } from './checkpoint.errors.js';

const SUPPORTED = 'a Hugging Face model folder (config.json, model.safetensors, tokenizer.json)';
const GGUF_MAGIC = 'GGUF';

/** @throws FeatureUnsupportedError for a file, ModelConfigMissingError for nothing */
export async function requireModelFolder(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ModelConfigMissingError(path, cause);
  });
  if (found.isDirectory()) return;
  throw new FeatureUnsupportedError(path, (await isGguf(path)) ? 'a GGUF file' : 'a single file', SUPPORTED);
}

async function isGguf(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(GGUF_MAGIC.length), 0, GGUF_MAGIC.length, 0);
    return buffer.toString('latin1') === GGUF_MAGIC;
  } finally {
    await handle.close();
  }
}

/** @file Which files of a repository make up a model that can be opened here. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILE, SHARD_INDEX_FILE, parseShardIndex } from '#ml/tensor';
import { isWhole } from './hub-cache.js';
import { HubModelUnusableError } from './hub.errors.js';

const CONFIG_FILE = 'config.json';
const TOKENIZER_FILE = 'tokenizer.json';

/** Small files that come along: what we read, and what transformers wants beside it in a folder that we write. */
const COMPANION =
  /^(config\.json|generation_config\.json|tokenizer[^/]*|chat_template[^/]*|special_tokens_map\.json|added_tokens\.json|vocab\.json|merges\.txt)$/;

/** What to fetch first: everything but shards, whose names only the index knows. */
export interface FirstFiles {
  readonly files: readonly string[];
  /** The one GGUF file that is the model; absent for a folder. */
  readonly gguf?: string;
}

/** @throws HubModelUnusableError */
export function firstFiles(model: string, listed: readonly string[], wanted: string | undefined): FirstFiles {
  if (wanted !== undefined) {
    if (listed.includes(wanted)) return { files: [wanted], gguf: wanted };
    throw new HubModelUnusableError(model, `holds no ${wanted}: ${choiceOf(listed)}`);
  }
  const weights = [SHARD_INDEX_FILE, MODEL_FILE].find((file) => listed.includes(file));
  if (weights !== undefined && listed.includes(CONFIG_FILE)) {
    return { files: [...listed.filter((file) => COMPANION.test(file)), weights] };
  }
  const [gguf, ...others] = ggufFiles(listed);
  if (gguf !== undefined && others.length === 0) return { files: [gguf], gguf };
  throw new HubModelUnusableError(
    model,
    `holds no ${CONFIG_FILE} with ${MODEL_FILE} or its shards: ${choiceOf(listed)}`,
  );
}

/** The shards that a snapshot's index names; none where the weights are one file. */
export async function shardFiles(snapshot: string): Promise<string[]> {
  const path = join(snapshot, SHARD_INDEX_FILE);
  if (!(await isWhole(path))) return [];
  return [...new Set(parseShardIndex(await readFile(path, 'utf8'), path).values())].sort();
}

/** What a snapshot lacks to be opened; undefined when nothing. */
export async function missingFrom(snapshot: string, gguf: string | undefined): Promise<string | undefined> {
  const lacks = async (file: string) => !(await isWhole(join(snapshot, file)));
  if (gguf !== undefined) return (await lacks(gguf)) ? gguf : undefined;
  for (const file of [CONFIG_FILE, TOKENIZER_FILE]) if (await lacks(file)) return file;
  const shards = await shardFiles(snapshot);
  for (const file of shards.length > 0 ? shards : [MODEL_FILE]) if (await lacks(file)) return file;
  return undefined;
}

function ggufFiles(listed: readonly string[]): string[] {
  return listed.filter((file) => file.endsWith('.gguf'));
}

const SHOWN_MAX = 12;

function choiceOf(listed: readonly string[]): string {
  const gguf = ggufFiles(listed);
  if (gguf.length === 0) return 'choose a repository with safetensors or GGUF files';
  return `name one of its GGUF files after a colon: ${gguf.slice(0, SHOWN_MAX).join(', ')}`;
}

/** @file What a person wants to stage: JSON on the command line, or a file with it. */
import { readFile } from 'node:fs/promises';
import { messageOf } from '#core';
import { UsageError } from '../cli.errors.js';

/** One line of JSON; whether the service takes it is the service's to say. @throws UsageError */
export async function specText(spec: string): Promise<string> {
  const isFile = spec.startsWith('@');
  const text = isFile ? await fileText(spec.slice(1)) : spec;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return JSON.stringify(value);
  } catch (cause) {
    throw new UsageError(`Expected ${EXPECTED}, got ${shown(spec)}: ${messageOf(cause)}`, { cause });
  }
  throw new UsageError(`Expected ${EXPECTED}, got ${shown(spec)}`);
}

const EXPECTED = `a JSON object, for instance '{"backend":"vader"}', or @FILE with it`;
const SHOWN_LENGTH_MAX = 80;

const shown = (spec: string): string =>
  spec.length <= SHOWN_LENGTH_MAX ? spec : `${spec.slice(0, SHOWN_LENGTH_MAX)}…`;

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`Expected a readable file after @, got ${path}: ${messageOf(cause)}`, { cause });
  }
}

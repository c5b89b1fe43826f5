/**
 * @file JSON lines, one at a time: only LF ends a line (U+2028 is legal inside JSON strings), blank lines are no rows,
 * and a line that is not JSON is an outcome, not an end.
 */
import { createReadStream } from 'node:fs';
import { messageOf } from '#core';
import { UsageError } from '../cli.errors.js';

/** One line: its value, or what is wrong with it. */
export type JsonLine = { readonly line: number } & ({ readonly value: unknown } | { readonly problem: string });

const LF = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a file. @throws UsageError when it cannot be read */
export async function* jsonLines(path: string): AsyncGenerator<JsonLine> {
  let line = 0;
  for await (const bytes of byteLines(path)) {
    line++;
    const parsed = parse(bytes);
    if (parsed !== undefined) yield { line, ...parsed };
  }
}

function parse(bytes: Buffer): { value: unknown } | { problem: string } | undefined {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { problem: 'expected UTF-8, got other bytes' };
  }
  if (text.trim() === '') return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (thrown) {
    return { problem: `expected one JSON value, got: ${messageOf(thrown)}` };
  }
}

async function* byteLines(path: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
        yield Buffer.concat([...parts, chunk.subarray(start, end)]);
        parts = [];
        start = end + 1;
      }
      if (start < chunk.length) parts.push(chunk.subarray(start));
    }
  } catch (cause) {
    throw new UsageError(`Expected a readable file of JSON lines, got ${path}: ${messageOf(cause)}`, { cause });
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

/** Groups of at most `countMax`, in order. */
export async function* grouped<T>(items: AsyncIterable<T>, countMax: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length === countMax) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

/**
 * @file Records of a data file, whatever its format: JSON lines, or Parquet (told by its magic number).
 *
 * A record that cannot be read carries its reason instead of fields; its neighbours are not harmed.
 */
import { open } from 'node:fs/promises';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { duplicateKey, messageOf } from '#core';
import { DataInvalidError, RowRejected } from './data.errors.js';
import { rawLines, type RawLine } from './json-lines.js';
import type { Fields } from './parse-row.js';
import type { RowWarning } from './preference-row.js';

export interface DataRecord {
  /** Line of a JSONL file or row of a Parquet file, from 1. */
  readonly line: number;
  readonly content: { readonly fields: Fields } | { readonly rejected: RowRejected } | 'blank';
  readonly bytes: number;
  readonly warnings: readonly RowWarning[];
}

/** Rows of a Parquet file that are decoded at once. */
const PARQUET_ROWS_AT_ONCE = 1024;
const PARQUET_MAGIC = 'PAR1';
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

export interface RecordOptions {
  /** Longest line of a JSONL file, in bytes. */
  readonly lineBytesMax: number;
}

export async function* records(path: string, options: RecordOptions): AsyncGenerator<DataRecord> {
  const magic = await firstBytes(path);
  if (magic.toString('latin1') === PARQUET_MAGIC) yield* parquetRecords(path);
  else if (magic.subarray(0, 2).equals(GZIP_MAGIC)) {
    throw new DataInvalidError(`${path}: is compressed with gzip; expected JSON lines or Parquet`, { facts: { path } });
  } else for await (const line of rawLines(path, options)) yield jsonRecord(line, options);
}

function jsonRecord(raw: RawLine, { lineBytesMax }: RecordOptions): DataRecord {
  const warnings: RowWarning[] = [];
  if (raw.hadBom) warnings.push('bom');
  if (raw.hadCr) warnings.push('crlf');
  if (!raw.hadLf) warnings.push('no_final_newline');
  const base = { line: raw.line, bytes: raw.bytes?.length ?? 0, warnings };
  try {
    if (!raw.bytes) throw new RowRejected('too_long', `over ${lineBytesMax} bytes`);
    const text = decodeUtf8(raw.bytes);
    if (/^[ \t\r]*$/.test(text)) return { ...base, content: 'blank' };
    return { ...base, content: { fields: parseObject(text) } };
  } catch (thrown) {
    if (thrown instanceof RowRejected) return { ...base, content: { rejected: thrown } };
    throw thrown;
  }
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RowRejected('invalid_utf8');
  }
}

function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RowRejected('malformed_json'); // the parser's own message would quote the row
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RowRejected('not_an_object');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new RowRejected('duplicate_key', `key ${JSON.stringify(twice)} is there twice`);
  return value as Fields;
}

async function* parquetRecords(path: string): AsyncGenerator<DataRecord> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const rowCount = Number(metadata.num_rows);
    for (let rowStart = 0; rowStart < rowCount; rowStart += PARQUET_ROWS_AT_ONCE) {
      const rowEnd = Math.min(rowCount, rowStart + PARQUET_ROWS_AT_ONCE);
      const rows = await parquetReadObjects({ file, metadata, rowStart, rowEnd });
      for (const [index, fields] of rows.entries()) {
        yield { line: rowStart + index + 1, content: { fields: fields as Fields }, bytes: 0, warnings: [] };
      }
    }
  } catch (cause) {
    throw new DataInvalidError(`${path}: cannot be read as Parquet: ${messageOf(cause)}`, { facts: { path }, cause });
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new DataInvalidError(`${path}: cannot be opened: ${messageOf(cause)}`, { facts: { path }, cause });
  }
}

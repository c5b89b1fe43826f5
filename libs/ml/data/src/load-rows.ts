/**
 * @file Loads preference pairs and prompts: every line gets an outcome, good rows are kept, too many bad ones refuse the
 * file.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '#core';
import { DataInvalidError, RowRejected } from './data.errors.js';
import { parseMargin, parsePreference, parsePrompt, type Fields } from './parse-row.js';
import type { LineOutcome, PreferenceRow, PromptRow, RejectedLine } from './preference-row.js';
import { records, type DataRecord } from './records.js';
import { RowRegister } from './row-register.js';
import { rowWarnings } from './row-warnings.js';

export interface LoadOptions {
  /** Bad rows that are left out instead of refusing the file. @default 0 */
  readonly badRowsMax?: number;
  /** Longest line of a JSONL file, in bytes. @default 16 MiB */
  readonly lineBytesMax?: number;
  /** Column with how far apart the rewards of a pair shall at least be; rows need not have it. @default none is read */
  readonly marginColumn?: string | undefined;
}

export interface LoadedRows<Row> {
  /** In file order, keyed by row id. */
  readonly rows: ReadonlyMap<string, Row>;
  readonly rejected: readonly RejectedLine[];
  /** How many accepted rows carry each warning; `contradicts_line_N` counts as `contradiction`. */
  readonly warningCounts: Readonly<Record<string, number>>;
  /** Of the file's bytes. */
  readonly digest: Digest;
}

const LINE_BYTES_MAX = 16 * 2 ** 20;

/** Loads preference pairs from JSONL or Parquet. @throws DataInvalidError */
export function loadPreferences(path: string, options: LoadOptions = {}): Promise<LoadedRows<PreferenceRow>> {
  return collect(path, preferenceOutcomes(path, options), options);
}

/** Loads prompts from rows with a `prompt`; other columns are left alone. @throws DataInvalidError */
export function loadPrompts(path: string, options: LoadOptions = {}): Promise<LoadedRows<PromptRow>> {
  return collect(path, promptOutcomes(path, options), options);
}

/** What becomes of every line. @throws DataInvalidError when the file cannot be read at all */
export async function* preferenceOutcomes(
  path: string,
  options: LoadOptions = {},
): AsyncGenerator<LineOutcome<PreferenceRow>> {
  const register = new RowRegister();
  let fileFormat: PreferenceRow['prompt']['kind'] | undefined;
  for await (const record of records(path, recordOptions(options))) {
    yield outcome(record, (fields, line) => {
      const parsed = parsePreference(fields);
      const margin = options.marginColumn === undefined ? undefined : parseMargin(fields, options.marginColumn);
      const rowId = RowRegister.idOf(fields['id'], line);
      const warnings = [...rowWarnings(fields, parsed, record.bytes), ...register.addRow(rowId, line, parsed)];
      fileFormat ??= parsed.prompt.kind;
      const isMixed = parsed.prompt.kind !== fileFormat;
      const { chosen, rejected } = parsed;
      const { source } = fields;
      const prompt = fileFormat === 'conversation' ? asConversation(parsed.prompt) : parsed.prompt;
      return {
        row: {
          rowId,
          line,
          prompt,
          chosen,
          rejected,
          ...(typeof source === 'string' && source !== '' && { source }),
          ...(margin !== undefined && { margin }),
        },
        warnings: [...parsed.warnings, ...(isMixed ? (['mixed_format'] as const) : []), ...warnings],
      };
    });
  }
}

async function* promptOutcomes(path: string, options: LoadOptions): AsyncGenerator<LineOutcome<PromptRow>> {
  const register = new RowRegister();
  for await (const record of records(path, recordOptions(options))) {
    yield outcome(record, (fields, line) => {
      const prompt = parsePrompt(fields);
      const rowId = RowRegister.idOf(fields['id'], line);
      register.addId(rowId, line);
      return { row: { rowId, line, prompt }, warnings: [] };
    });
  }
}

type ReadRow<Row> = (
  fields: Fields,
  line: number,
) => Pick<Extract<LineOutcome<Row>, { verdict: 'accept' }>, 'row' | 'warnings'>;

function outcome<Row>({ line, content, warnings }: DataRecord, read: ReadRow<Row>): LineOutcome<Row> {
  if (content === 'blank') return { line, verdict: 'skip' };
  try {
    if ('rejected' in content) throw content.rejected;
    const accepted = read(content.fields, line);
    return { line, verdict: 'accept', row: accepted.row, warnings: [...warnings, ...accepted.warnings] };
  } catch (thrown) {
    if (thrown instanceof RowRejected)
      return { line, verdict: 'reject', reason: thrown.reason, message: thrown.message };
    throw thrown;
  }
}

async function collect<Row extends { readonly rowId: string }>(
  path: string,
  outcomes: AsyncIterable<LineOutcome<Row>>,
  { badRowsMax = 0 }: LoadOptions,
): Promise<LoadedRows<Row>> {
  const rows = new Map<string, Row>();
  const rejected: RejectedLine[] = [];
  const warningCounts: Record<string, number> = {};
  for await (const entry of outcomes) {
    if (entry.verdict === 'reject') rejected.push(entry);
    if (entry.verdict !== 'accept') continue;
    rows.set(entry.row.rowId, entry.row);
    for (const warning of entry.warnings) {
      const kind = warning.startsWith('contradicts_') ? 'contradiction' : warning;
      warningCounts[kind] = (warningCounts[kind] ?? 0) + 1;
    }
  }
  if (rejected.length > badRowsMax) throw DataInvalidError.forRows(path, rejected, badRowsMax);
  if (rows.size === 0) throw new DataInvalidError(`${path}: has no rows`, { facts: { path } });
  return { rows, rejected, warningCounts, digest: await fileDigest(path) };
}

async function fileDigest(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest('hex')}` as Digest;
}

/** In a conversational file a plain prompt is one user turn. */
function asConversation(prompt: PreferenceRow['prompt']): PreferenceRow['prompt'] {
  if (prompt.kind === 'conversation') return prompt;
  return { kind: 'conversation', messages: [{ role: 'user', content: prompt.text }] };
}

function recordOptions({ lineBytesMax = LINE_BYTES_MAX }: LoadOptions): { lineBytesMax: number } {
  return { lineBytesMax };
}

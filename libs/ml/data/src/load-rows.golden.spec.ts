import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPreferences, preferenceOutcomes, type LineOutcome, type PreferenceRow } from './index.js';
import { sharedFolder, skipWithout } from '../../../../test/support/shared-folder.js';

interface ExpectedLine {
  readonly line: number;
  readonly verdict: string;
  readonly reason?: string;
  readonly warnings?: string[];
  readonly id?: string;
  readonly prompt_messages?: number;
  readonly prompt_sha256?: string;
  readonly chosen_sha256?: string;
  readonly rejected_sha256?: string;
}

const data = sharedFolder('data');
const skip = skipWithout('data');

function messagesDigest(messages: readonly { role: string; content: string }[]): string {
  const text = messages.map(({ role, content }) => `${role}\0${content}`).join('\0');
  return createHash('sha256').update(text).digest('hex');
}

function summary(outcome: LineOutcome<PreferenceRow>): ExpectedLine {
  const { line, verdict } = outcome;
  if (outcome.verdict === 'reject') return { line, verdict, reason: outcome.reason };
  if (outcome.verdict === 'skip') return { line, verdict };
  const { row, warnings } = outcome;
  ok(row.prompt.kind === 'conversation', 'the file is conversational');
  return {
    line,
    verdict,
    warnings: [...warnings],
    id: row.rowId,
    prompt_messages: row.prompt.messages.length,
    prompt_sha256: messagesDigest(row.prompt.messages),
    chosen_sha256: messagesDigest([{ role: 'assistant', content: row.chosen }]),
    rejected_sha256: messagesDigest([{ role: 'assistant', content: row.rejected }]),
  };
}

describe('preference files of the reference data', { skip }, () => {
  it('give every line of the dirty file the verdict, reason, warnings and bytes that are expected', async () => {
    const expected = JSON.parse(readFileSync(join(data, 'dirty.expected.json'), 'utf8')) as {
      expected: ExpectedLine[];
    };
    const outcomes: ExpectedLine[] = [];
    for await (const outcome of preferenceOutcomes(join(data, 'dirty.jsonl'))) outcomes.push(summary(outcome));
    equal(outcomes.length, expected.expected.length);
    for (const [index, { note: _, also_allowed: __, ...line }] of (
      expected.expected as (ExpectedLine & {
        note?: string;
        also_allowed?: string[];
      })[]
    ).entries()) {
      deepEqual(outcomes[index], line);
    }
  });

  it('load whole, and alike from JSONL and Parquet', async () => {
    const jsonl = await loadPreferences(join(data, 'alpacaeval-pairs/train.jsonl'));
    const parquet = await loadPreferences(join(data, 'parquet/trl-conversational.parquet'));
    const binarized = await loadPreferences(join(data, 'parquet/ultrafeedback-binarized.parquet'));
    deepEqual([jsonl.rows.size, parquet.rows.size, binarized.rows.size], [400, 200, 200]);
    const first = [...jsonl.rows.values()].slice(0, 200);
    deepEqual([...parquet.rows.values()], first);
    const withoutId = (row: PreferenceRow) => [row.line, row.prompt, row.chosen, row.rejected];
    deepEqual([...binarized.rows.values()].map(withoutId), first.map(withoutId));
  });

  it('name the known defects of HH-RLHF, and nothing else but repeated rows', async () => {
    const path = join(data, 'hh-harmless-test.jsonl');
    const rows = readFileSync(path, 'utf8').trimEnd().split('\n');
    const isDefective = rows.map((text) => (JSON.parse(text) as { defects: string[] }).defects.length > 0);
    const { rejected } = await loadPreferences(path, { badRowsMax: 20 });
    equal(isDefective.filter(Boolean).length, 6);
    for (const [index, defective] of isDefective.entries()) {
      const verdict = rejected.find(({ line }) => line === index + 1);
      equal(verdict !== undefined, defective, `line ${index + 1}: ${verdict?.reason}`);
    }
  });
});

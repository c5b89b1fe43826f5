/** Goal: input rows in, output rows out, in order; what is wrong with a row stays with that row. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { f32Tensor } from '#core';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';
import { inputRow } from './input-row.js';
import { jsonLines } from './json-lines.js';
import { adapterMessages } from './policy-session.js';
import { processRows, type OutputRow } from './process-rows.js';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

let folder = '';
before(() => (folder = mkdtempSync(join(tmpdir(), 'metaapo-rows-'))));
after(() => rmSync(folder, { recursive: true }));

function file(content: string | Buffer): string {
  const path = join(folder, 'in.jsonl');
  writeFileSync(path, content);
  return path;
}

describe('JSON lines', () => {
  it('end at LF only, skip blanks and keep the numbers of lines', async () => {
    const lines = await all(jsonLines(file('{"a":"\u2028"}\r\n\n  \n2')));
    deepEqual(lines, [
      { line: 1, value: { a: '\u2028' } },
      { line: 4, value: 2 },
    ]);
  });

  it('tell what is not JSON or not UTF-8, and read on', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":\n'), Buffer.from([0xff, 0x0a]), Buffer.from('3\n')]);
    const lines = await all(jsonLines(file(bytes)));
    deepEqual(
      lines.map((line) => 'problem' in line),
      [true, true, false],
    );
  });

  it('refuse a file that is not there', async () => {
    await rejects(all(jsonLines(join(folder, 'absent'))), { code: 'USAGE' });
  });
});

describe('input rows', () => {
  const errorOf = (value: unknown, kind: 'score' | 'generate' = 'score') => {
    const outcome = inputRow({ line: 3, value }, kind);
    return outcome.ok ? undefined : { id: outcome.id, ...outcome.error };
  };

  it('hold a text or messages', () => {
    deepEqual(inputRow({ line: 1, value: { id: 'a', prompt: 'Hi', responses: ['x'] } }, 'score'), {
      ok: true,
      row: { id: 'a', prompt: { text: 'Hi' }, responses: ['x'] },
    });
    deepEqual(inputRow({ line: 1, value: { id: 7, prompt: [{ role: 'user', content: 'Hi' }] } }, 'generate'), {
      ok: true,
      row: { id: 7, prompt: { conversation: { messages: [{ role: 'user', content: 'Hi' }] } }, responses: [] },
    });
  });

  it('keep their id in the error, or go by their line', () => {
    match(errorOf({ id: 'a', prompt: 'Hi' })?.message ?? '', /^line 3: responses: expected a list of texts$/);
    equal(errorOf({ id: 'a', prompt: 'Hi' })?.id, 'a');
    equal(errorOf({ prompt: 'Hi', responses: ['x'] })?.id, 'line-3');
    equal(errorOf(null)?.code, 'ROW_INVALID');
    equal(errorOf({ id: 1, prompt: [], responses: ['x'] })?.code, 'ROW_INVALID');
    equal(errorOf({ id: 1, prompt: 'x', responses: [] })?.code, 'ROW_INVALID');
  });

  it('are refused with half a surrogate, which the wire would replace silently', () => {
    equal(errorOf({ id: 1, prompt: 'x\ud800', responses: ['y'] })?.code, 'TEXT_MALFORMED');
    equal(errorOf({ id: 1, prompt: [{ role: 'user', content: '\udfff' }] }, 'generate')?.code, 'TEXT_MALFORMED');
  });
});

describe('processing rows', () => {
  const process = (input: string, output: string, compute = echo): Promise<void> =>
    processRows({ input, output, kind: 'generate', unitItemsMax: 2, terminal: new ScriptedTerminal(), compute });
  const echo = (rows: readonly { readonly id: string | number }[]): Promise<OutputRow[]> =>
    Promise.resolve(rows.map(({ id }) => ({ id, samples: [] })));
  const row = (id: number): string => JSON.stringify({ id, prompt: 'x' });

  it('writes output in input order and ends with an error that counts what failed', async () => {
    const output = join(folder, 'out.jsonl');
    const input = file(`${row(1)}\n{bad\n${row(2)}\n${row(3)}\n`);
    await rejects(process(input, output), { code: 'ROWS_FAILED', message: /^1 of 4 rows failed/ });
    const ids = readFileSync(output, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: unknown }).id);
    deepEqual(ids, [1, 'line-2', 2, 3]);
  });

  it('counts a row whose one response failed', async () => {
    const failing = (): Promise<OutputRow[]> =>
      Promise.resolve([
        { id: 1, responses: [{ log_prob_sum: -1 }, { error: { code: 'RESPONSE_EMPTY', message: '' } }] },
      ]);
    await rejects(process(file(row(1)), join(folder, 'out2.jsonl'), failing), { message: /^1 of 1 rows/ });
  });

  it('leaves no output behind when computing fails', async () => {
    const output = join(folder, 'out3.jsonl');
    const breaking = (): Promise<OutputRow[]> => Promise.reject(new TypeError('gone'));
    await rejects(process(file(row(1)), output, breaking), { name: 'TypeError' });
    deepEqual([existsSync(output), existsSync(`${output}.partial`)], [false, false]);
  });

  it('refuses an output that cannot be written before anything is computed', async () => {
    await rejects(process(file(row(1)), join(folder, 'no', 'such', 'out.jsonl')), { code: 'USAGE' });
  });
});

describe('an adapter as messages', () => {
  it('has its header first, then every byte once, in chunks of a megabyte', () => {
    const big = new Float32Array(300_000).fill(1.5);
    const adapter = {
      spec: { kind: 'full' },
      tensors: new Map([
        ['b', f32Tensor([2], Float32Array.of(1, 2))],
        ['a', f32Tensor([300_000], big)],
      ]),
    } as const;
    const [header, ...chunks] = [...adapterMessages(adapter, 'sha256:x')].map((message) => message);
    deepEqual(
      header?.header?.tensors?.map(({ name }) => name),
      ['a', 'b'],
    );
    deepEqual(
      chunks.map(({ chunk }) => [chunk?.tensorIndex, chunk?.offsetBytes, Buffer.from(chunk?.data ?? '').length]),
      [
        [0, 0, 1 << 20],
        [0, 1 << 20, 1_200_000 - (1 << 20)],
        [1, 0, 8],
      ],
    );
  });
});

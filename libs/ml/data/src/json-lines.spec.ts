import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplicateKey } from '#core';
import { DataInvalidError, loadPreferences, loadPrompts } from './index.js';

let dir = '';
before(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-data-'))));
after(() => rmSync(dir, { recursive: true }));

function file(text: string | Buffer): string {
  const path = join(dir, 'rows.jsonl');
  writeFileSync(path, text);
  return path;
}

const plain = (id: string, chosen = ' blue.') =>
  JSON.stringify({ id, prompt: 'The sky is', chosen, rejected: ' green.' });

describe('preference files', () => {
  it('name the first ten bad rows when there are more than allowed', async () => {
    const path = file(`${plain('good')}\n${'nonsense\n'.repeat(12)}`);
    await rejects(loadPreferences(path, { badRowsMax: 11 }), (error: DataInvalidError) => {
      equal(error.code, 'DATA_INVALID');
      equal(error.message.match(/line \d+: malformed_json/g)?.length, 10);
      return /12 bad rows, at most 11 are allowed[\s\S]*and 2 more/.test(error.message);
    });
    equal((await loadPreferences(path, { badRowsMax: 12 })).rows.size, 1);
  });

  it('keep plain rows plain, and key rows without an id by their line', async () => {
    const { rows } = await loadPreferences(file(`${JSON.stringify({ prompt: 'a', chosen: 'b', rejected: 'c' })}\n`));
    deepEqual(
      [...rows.values()],
      [{ rowId: 'line-1', line: 1, prompt: { kind: 'text', text: 'a' }, chosen: 'b', rejected: 'c' }],
    );
  });

  it('say where they come from when the file does', async () => {
    const row = (source: unknown) => ({ prompt: `p ${JSON.stringify(source)}`, chosen: ' a', rejected: ' b', source });
    const path = file([row('sharegpt'), row(''), row(7)].map((value) => `${JSON.stringify(value)}\n`).join(''));
    const { rows } = await loadPreferences(path);
    deepEqual(
      [...rows.values()].map(({ source }) => source),
      ['sharegpt', undefined, undefined],
    );
  });

  it('find a prompt that both plain responses begin with', async () => {
    const { rows, warningCounts } = await loadPreferences(
      file(JSON.stringify({ chosen: 'The sky is blue.', rejected: 'The sky is green.' })),
    );
    const [row] = [...rows.values()];
    deepEqual([row?.prompt, row?.chosen, row?.rejected], [{ kind: 'text', text: 'The sky is' }, ' blue.', ' green.']);
    equal(warningCounts['implicit_prompt'], 1);
  });

  it('drop a line over the limit without holding it, and read on', async () => {
    const long = plain('long', ' blue.'.repeat(200_000));
    const { rows, rejected } = await loadPreferences(file(`${long}\n${plain('short')}\n`), {
      badRowsMax: 1,
      lineBytesMax: 1000,
    });
    deepEqual([...rows.keys()], ['short']);
    deepEqual([rejected[0]?.line, rejected[0]?.reason], [1, 'too_long']);
  });

  it('read prompts alone, whatever else a row holds', async () => {
    const rows = [
      { prompt: [{ role: 'user', content: 'Hi' }], chosen: null },
      { id: 7, prompt: 'Hello' },
    ];
    const loaded = await loadPrompts(file(rows.map((row) => JSON.stringify(row)).join('\n')));
    deepEqual([...loaded.rows.keys()], ['line-1', '7']);
  });

  it('refuse an absent, an empty and a compressed file by name', async () => {
    await rejects(loadPreferences(join(dir, 'absent.jsonl')), {
      code: 'DATA_INVALID',
      message: /absent\.jsonl: cannot be opened/,
    });
    await rejects(loadPreferences(file('\n\n')), /has no rows/);
    await rejects(loadPreferences(file(Buffer.from([0x1f, 0x8b, 8, 0]))), /compressed with gzip/);
    await rejects(loadPreferences(file('PAR1 and nothing else')), /cannot be read as Parquet/);
  });
});

describe('duplicate keys', () => {
  it('are found at any depth, however they are spelled', () => {
    equal(duplicateKey('{"a":1,"b":{"a":2}}'), undefined);
    equal(duplicateKey('{"a":[{"x":1},{"x":1}],"b":"{\\"a\\":1,\\"a\\":2}"}'), undefined);
    equal(duplicateKey('{"a":{"k":1,"\\u006b":2}}'), 'k');
    equal(duplicateKey('{"a":"a","a":"b"}'), 'a');
  });

  it('are looked for in long strings and deep nesting without exhausting the stack', () => {
    equal(duplicateKey(JSON.stringify({ a: 'x\\"'.repeat(4_000_000) })), undefined);
    ok(duplicateKey(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) === undefined);
  });
});

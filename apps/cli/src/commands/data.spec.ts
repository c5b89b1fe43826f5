import { describe, it } from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder, skipWithout } from '../../../../test/support/shared-folder.js';
import { runCli } from '../cli.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

interface Expected {
  readonly expected: readonly { readonly line: number; readonly verdict: string; readonly reason?: string }[];
  readonly totals: { readonly accept: number; readonly reject: number; readonly skip: number };
}

async function check(...args: readonly string[]): Promise<{ code: number; terminal: ScriptedTerminal }> {
  const terminal = new ScriptedTerminal();
  return { code: await runCli(['data', 'check', ...args], { terminal, interrupts: new Interrupts() }), terminal };
}

describe('data check', { skip: skipWithout('data') }, () => {
  const dirty = join(sharedFolder('data'), 'dirty.jsonl');
  const expected = (): Expected =>
    JSON.parse(readFileSync(join(sharedFolder('data'), 'dirty.expected.json'), 'utf8')) as Expected;

  it('agrees with the expected verdict on every line of the dirty file', async () => {
    const { code, terminal } = await check(dirty, '--json');
    const told = terminal.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    deepEqual(
      told.map(({ line, ok, reason }) => ({ line, ok, ...(reason !== undefined && { reason }) })),
      expected().expected.map(({ line, verdict, reason }) => ({
        line,
        ok: verdict !== 'reject',
        ...(verdict === 'reject' && { reason }),
      })),
    );
    equal(code, 1);
    match(terminal.stderr, /DATA_ROWS_BAD: 48 rows/);
  });

  it('counts for people and quotes no text of a refused row', async () => {
    const { accept, reject, skip } = expected().totals;
    const { terminal } = await check(dirty);
    match(terminal.stdout, new RegExp(`${accept} rows to use, ${reject} refused, ${skip} blank lines\\n$`));
    match(terminal.stdout, /^line \d+: refused: malformed_json: /m);
  });

  it('reads Parquet, and ends with 0 where every row is good', async () => {
    const { code, terminal } = await check(join(sharedFolder('data'), 'parquet', 'ultrafeedback-binarized.parquet'));
    equal(code, 0, terminal.stderr);
    match(terminal.stdout, /200 rows to use, 0 refused/);
  });
});

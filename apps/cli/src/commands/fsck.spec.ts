import { describe, it } from 'node:test';
import { equal, match } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../cli.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

describe('metaapo fsck', () => {
  it('names what is wrong, where, and what to do', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'metaapo-fsck-'));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'run.sqlite'), '');
    const terminal = new ScriptedTerminal();
    equal(await runCli(['fsck', folder], { terminal, interrupts: new Interrupts() }), 1);
    match(terminal.stdout, /^DAMAGE run\.sqlite: .*found an empty file.*\n {7}restore run\.sqlite/);
    match(terminal.stderr, /RUN_DAMAGED/);
  });

  it('refuses what is no directory', async () => {
    const terminal = new ScriptedTerminal();
    equal(await runCli(['fsck', 'absent'], { terminal, interrupts: new Interrupts() }), 2);
    match(terminal.stderr, /Expected the directory of a run, got absent/);
  });
});

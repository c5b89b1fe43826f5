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
    match(
      terminal.stdout,
      /^DAMAGE run\.sqlite: .*found an empty file.*\n {7}restore run\.sqlite.*\ndamaged: 1 thing is not/m,
    );
    match(terminal.stderr, /RUN_DAMAGED/);
  });

  it('refuses a folder in which no run is, and names a damaged status', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'metaapo-fsck-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const fsck = async (): Promise<[code: number, text: string]> => {
      const terminal = new ScriptedTerminal();
      const code = await runCli(['fsck', folder], { terminal, interrupts: new Interrupts() });
      return [code, terminal.stdout + terminal.stderr];
    };
    match((await fsck()).join(), /^2,error: Expected the directory of a run, got .+: no run is there/);
    writeFileSync(join(folder, 'status.json'), '{');
    match((await fsck()).join(), /^1,[^]*^DAMAGE status\.json: .+found no JSON/m);
    writeFileSync(join(folder, 'status.json'), '{"format":"metaapo.run/9"}');
    match((await fsck()).join(), /^1,error: RUN_FORMAT_NEWER: .+has format 9/);
  });

  it('refuses what is no directory', async () => {
    const terminal = new ScriptedTerminal();
    equal(await runCli(['fsck', 'absent'], { terminal, interrupts: new Interrupts() }), 2);
    match(terminal.stderr, /Expected the directory of a run, got absent/);
  });
});

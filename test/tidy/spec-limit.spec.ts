/**
 * Goal: a spec file that does not come to an end is killed and named, and the run fails; nothing that a file starts
 * outlives it. Method: files that hang in every known way, run as `npm test` runs them, with a limit of a moment.
 */
import { describe, it } from 'node:test';
import { equal, match } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installationRoot } from '#core';

const LIMIT = pathToFileURL(join(installationRoot(), 'scripts/spec-limit.mjs')).href;
const IMPORT_TEST = "import { test } from 'node:test';";
const HANGING = {
  'a handle that nobody closes': "test('ok', () => {}); setInterval(() => {}, 1000);",
  'a loop without end': "test('hangs', () => { for (;;); });",
  'a signal that is not heeded': "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); test('ok', () => {});",
};

function runSpec(text: string, limitMs: number): { readonly status: number | null; readonly output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-spec-limit-'));
  const path = join(folder, 'hanging.spec.mjs');
  writeFileSync(path, `${IMPORT_TEST}\n${text}\n`);
  // Else the inner runner takes itself for a file of the outer one, and runs nothing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  try {
    const args = ['--test', `--import=${LIMIT}?ms=${limitMs}`, '--test-reporter=spec', path];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    return { status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the limit of a spec file', () => {
  for (const [name, text] of Object.entries(HANGING)) {
    it(`ends ${name}, by name and with a failure`, () => {
      const { status, output } = runSpec(text, 300);
      equal(status, 1);
      match(output, /hanging\.spec\.mjs was not over after 0\.3 s and is killed/);
    });
  }

  it('lets a file end that is in time, and takes along what that started', { skip: skipReason() }, () => {
    const child = "spawn('sleep', ['600'], { stdio: 'inherit', detached: true }).unref()";
    const { status, output } = runSpec(
      `import { spawn } from 'node:child_process'; test('ok', () => { ${child}; });`,
      60_000,
    );
    equal(status, 0);
    match(output, /pass 1/);
  });
});

function skipReason(): string | false {
  return process.platform === 'linux' ? false : 'only Linux lists the children of a process';
}

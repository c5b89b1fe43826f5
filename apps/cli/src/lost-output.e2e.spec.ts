/** Goal: output that cannot be written, as on a full disk, ends the command by name and not as done. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, it } from 'node:test';
import { deepEqual } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

const FULL = '/dev/full';
const MAIN = fileURLToPath(new URL('main.js', import.meta.url));

describe('the output of the command line', () => {
  it('ends in one line when the disk behind it is full', { skip: existsSync(FULL) ? false : `no ${FULL}` }, () => {
    const full = openSync(FULL, 'w');
    try {
      const stdio = ['ignore', full, 'pipe'] as const;
      const { status, stderr } = spawnSync(process.execPath, [MAIN, '--version'], {
        stdio: [...stdio],
        encoding: 'utf8',
      });
      const told = /^error: standard output cannot be written to: ENOSPC[^\n]*\n$/.test(stderr)
        ? 'told by name'
        : stderr;
      deepEqual([status, told], [1, 'told by name']);
    } finally {
      closeSync(full);
    }
  });
});

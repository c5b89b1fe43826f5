/** @file For tests: a folder that goes away after the tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** Its absolute path, which begins with `reward-` and what the folder is for. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `reward-${purpose}-`));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @file For tests: folders that go away after all of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

const root = mkdtempSync(join(tmpdir(), 'reward-training-'));
after(() => rmSync(root, { recursive: true, force: true }));

export function newFolder(): string {
  return mkdtempSync(join(root, 'folder-'));
}

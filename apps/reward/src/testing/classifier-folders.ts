/** @file For tests: folders with tiny classifiers, which go away after the tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { writeTinyLmClassifier, writeTinyOnnxClassifier, type TinyLmOptions } from '#ml/reward-models';

function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'reward-classifier-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export async function lmFolder(options: TinyLmOptions = {}): Promise<string> {
  const dir = newFolder();
  await writeTinyLmClassifier(dir, options);
  return dir;
}

export async function onnxFolder(): Promise<string> {
  const dir = newFolder();
  await writeTinyOnnxClassifier(dir);
  return dir;
}

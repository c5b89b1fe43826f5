/** @file For tests: folders with tiny classifiers, which go away after the tests. */
import { writeTinyLmClassifier, writeTinyOnnxClassifier, type TinyLmOptions } from '#ml/reward-models';
import { temporaryFolder } from './temporary-folder.js';

export async function lmFolder(options: TinyLmOptions = {}): Promise<string> {
  const dir = temporaryFolder('classifier');
  await writeTinyLmClassifier(dir, options);
  return dir;
}

export async function onnxFolder(): Promise<string> {
  const dir = temporaryFolder('classifier');
  await writeTinyOnnxClassifier(dir);
  return dir;
}

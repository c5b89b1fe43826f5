/** @file For tests: tiny classifiers in folders that go away after the tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { AppError } from '#core';
import { BatchScorer } from '../batching/batch-scorer.js';
import type { Classifier } from '../classifier.js';
import { openClassifier } from '../open-classifier.js';
import type { RewardInput, RewardOutcome } from '../reward-model.js';
import type { RewardModelSpec } from '../settings.js';
import {
  writeTinyLmClassifier,
  writeTinyOnnxClassifier,
  type TinyLmOptions,
  type TinyOnnxOptions,
} from './tiny-classifiers.js';

function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'classifier-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export async function lmFolder(options: TinyLmOptions = {}): Promise<string> {
  const dir = newFolder();
  await writeTinyLmClassifier(dir, options);
  return dir;
}

export async function onnxFolder(options: TinyOnnxOptions = {}): Promise<string> {
  const dir = newFolder();
  await writeTinyOnnxClassifier(dir, options);
  return dir;
}

/** A model without a thread, closed after the tests, and a way to score plain prompts with it. */
export async function opened(spec: RewardModelSpec) {
  const classifier = await openClassifier(spec);
  after(async () => classifier.dispose());
  return { classifier, score: (inputs: readonly RewardInput[]) => scoreAll(classifier, inputs) };
}

/** One call through a scorer of its own. */
async function scoreAll(classifier: Classifier, inputs: readonly RewardInput[]): Promise<RewardOutcome[]> {
  const outcomes: RewardOutcome[] = [];
  let left = inputs.length;
  const scorer = new BatchScorer(classifier, {
    working: () => {},
    settled: (results) => {
      for (const { index, outcome } of results) outcomes[index] = outcome;
      left -= results.length;
      if (left === 0) scorer.close();
    },
    broken: (_members, thrown) => {
      throw thrown;
    },
  });
  scorer.submit(1, inputs);
  await scorer.run();
  return outcomes;
}

export const plain = (text: string, response: string): RewardInput => ({ prompt: { messages: [], text }, response });

/** Scores, or the codes of what went wrong. */
export const summary = (outcomes: readonly RewardOutcome[]): (number | string)[] =>
  outcomes.map((outcome) =>
    outcome.ok ? outcome.score : outcome.error instanceof AppError ? outcome.error.code : '?',
  );

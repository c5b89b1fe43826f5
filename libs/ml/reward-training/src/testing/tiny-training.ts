/** @file For tests: a language model of a few thousand weights, pairs with a preference that can be learned, settings. */
import { writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Rng } from '#core';
import { parseModelConfig } from '#ml/checkpoint';
import { initialWeights } from '#ml/models';
import { writeTinyLmClassifier, type TinyLmOptions } from '#ml/reward-models';
import { MODEL_FILE, writeTensors } from '#ml/tensor';
import type { RewardTrainingSettings } from '../settings.js';
import type { TrainingControl } from '../training-control.js';
import { TrainingStopped } from '../reward-training.errors.js';

/** A Llama for causal language modelling, with the tokenizer of the tiny classifiers: a token per character. */
export async function writeTinyBase(dir: string, options: TinyLmOptions = {}): Promise<void> {
  await writeTinyLmClassifier(dir, { ...options, config: { max_position_embeddings: 96 } });
  const path = join(dir, 'config.json');
  const { id2label: _, ...fields } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  const config = { ...fields, architectures: ['LlamaForCausalLM'], tie_word_embeddings: true, ...options.config };
  await writeFile(path, JSON.stringify(config));
  await writeTensors(join(dir, MODEL_FILE), initialWeights(parseModelConfig(path, config), options.seed ?? 1));
}

export interface PairRow {
  readonly id: string;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly margin?: number;
}

/** Chosen responses end with an exclamation mark, rejected ones with a full stop; prompts differ. */
export function pairRows(count: number, seed = 1): PairRow[] {
  const rng = new Rng('pair rows', seed);
  const word = () => Array.from({ length: 3 }, () => String.fromCharCode(97 + rng.below(26))).join('');
  return Array.from({ length: count }, (_, index) => {
    const response = `${word()} ${word()}`;
    return { id: `${seed}-${index}`, prompt: `${word()} ${index}?`, chosen: `${response}!`, rejected: `${response}.` };
  });
}

/** Writes rows as JSON lines; gives the path. */
export function writeRows(dir: string, rows: readonly object[], name = 'pairs.jsonl'): string {
  const path = join(dir, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

export function tinySettings(modelPath: string, trainPath: string): RewardTrainingSettings {
  return {
    seed: 1,
    threads: 1,
    model: {
      path: modelPath,
      name: 'tiny',
      training: 'lora',
      lora: { rank: 4, alpha: 8, rankStabilized: false, targetModules: 'all-linear' },
      loraInit: 'kaiming',
      chatTemplatePath: null,
      padToken: null,
    },
    data: { trainPath, badRowsMax: 0, rowsMax: null, marginColumn: 'margin', tokensMax: null },
    optimizer: {
      learningRate: 2e-2,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      weightDecay: 0,
      clip: 1,
      schedule: { kind: 'linear', leastFactor: 0, warmUpRatio: 0.1 },
      batchSize: 8,
    },
    evaluation: { heldOutPath: null, fraction: 0.2, rowsMax: null },
    centerRewardsCoefficient: 0.01,
    epochCount: 3,
    checkpointSteps: 4,
    savesAdapter: true,
  };
}

export interface RecordingControl extends TrainingControl {
  readonly notes: string[];
}

/** Stops the training once so many steps are done and the next has begun. */
export function controlStoppingAfter(stepCount = Number.POSITIVE_INFINITY): RecordingControl {
  const notes: string[] = [];
  let done = 0;
  return {
    notes,
    proceed: async () => {
      if (done >= stepCount) throw new TrainingStopped();
    },
    progress: ({ phase, doneCount }) => {
      if (phase === 'train') done = doneCount;
    },
    note: (text) => notes.push(text),
  };
}

/**
 * @file Trains the demo's checkpoint anew with this project's engine: tokenizer, then a Llama of a million parameters on
 * beginnings and continuations of sentences. Same corpus, same seed: the same bytes on the same kind of machine.
 *
 * Usage: npm run demo:train -- [--out configs/demo/model] [--threads 2]. About 5 minutes on two idle cores. Prints the digest that
 * configs/demo/README.md names.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Rng, type TensorMap } from '#core';
import { openCheckpoint, readModelConfig, saveCheckpoint } from '#ml/checkpoint';
import { LanguageModelTrainer } from '#ml/engine';
import { initialWeights } from '#ml/models';
import { adamW, clipFactor, globalNorm, scheduleFactor } from '#ml/optim';
import { ChatTokenizer } from '#ml/tokenizer';
import { trainBpe } from './demo/bpe.js';
import { readCorpus, type Sentence } from './demo/corpus.js';
import { DEMO_MODEL_FOLDER } from './demo/folders.js';
import { SPECIAL_TOKENS, VOCABULARY_SIZE, writeModelFiles } from './demo/model-files.js';

const SEED = 1;
const EPOCHS = 2;
/** 32 rows × 128 tokens = 4096 tokens a step; about 1.4 million tokens an epoch give about 700 steps in all. */
const ROWS_PER_STEP = 32;
const ROW_TOKENS = 128;
const LEARNING_RATE = 3e-3;
const SCHEDULE = { kind: 'cosine', warmupSteps: 100, leastFactor: 0.05 } as const;
const WEIGHT_DECAY = 0.1;
const GRADIENT_NORM_MAX = 1;
/** Where a sentence is cut into beginning and continuation: after 4 to 12 words, at least 4 before its end. */
const CUT_WORDS: readonly [number, number] = [4, 12];

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: DEMO_MODEL_FOLDER },
    threads: { type: 'string', default: '2' },
  },
});

const corpus = readCorpus();
const folder = mkdtempSync(join(tmpdir(), 'metaapo-demo-'));
say(`${corpus.train.length} sentences; training the tokenizer`);
writeModelFiles(
  folder,
  trainBpe(
    corpus.train.map((words) => ` ${words.join(' ')}`),
    VOCABULARY_SIZE - SPECIAL_TOKENS.length,
  ),
);
const tokenizer = await ChatTokenizer.load(folder);
const config = await readModelConfig(folder);
const trainer = await LanguageModelTrainer.open({ config, intraOpThreads: Number(options.threads) });

const weights = await train(initialWeights(config, SEED));
await saveCheckpoint({ from: folder, to: folder, tensors: weights, dtype: 'f16' });
await trainer.dispose();
rmSync(options.out, { recursive: true, force: true });
cpSync(folder, options.out, { recursive: true });
rmSync(folder, { recursive: true });
say(`${options.out}: ${(await openCheckpoint(options.out)).digest}`);

async function train(start: TensorMap): Promise<TensorMap> {
  const optimizer = adamW({ beta1: 0.9, beta2: 0.95, weightDecay: WEIGHT_DECAY });
  let [parameters, state] = [start, optimizer.init(start)];
  const batches = Array.from({ length: EPOCHS }, (_, epoch) => batchesOf(epoch)).flat();
  const heldOut = rowsOf(corpus.heldOut, 'held-out').slice(0, 200);
  say(`${batches.length} steps of ${ROWS_PER_STEP * ROW_TOKENS} tokens`);
  for (const [step, rows] of batches.entries()) {
    const { loss, gradients } = await trainer.step(parameters, rows);
    const learningRate = LEARNING_RATE * scheduleFactor({ ...SCHEDULE, totalSteps: batches.length }, step);
    const gradientFactor = clipFactor(globalNorm(gradients), GRADIENT_NORM_MAX);
    ({ parameters, state } = optimizer.step(parameters, gradients, { state, learningRate, gradientFactor }));
    if (step % 50 === 0) say(`step ${step}: loss ${loss.toFixed(3)}`);
  }
  say(`held-out loss ${(await trainer.loss(parameters, heldOut)).toFixed(3)}`);
  return parameters;
}

function batchesOf(epoch: number): number[][][] {
  const rows = new Rng('demo-epoch', SEED, epoch).shuffled(rowsOf(corpus.train, epoch));
  const count = Math.floor(rows.length / ROWS_PER_STEP);
  return Array.from({ length: count }, (_, step) => rows.slice(step * ROWS_PER_STEP, (step + 1) * ROWS_PER_STEP));
}

/** Sentences as chats of one turn, packed one after the other into rows of ROW_TOKENS. */
function rowsOf(sentences: readonly Sentence[], part: number | string): number[][] {
  const flat = sentences.flatMap((words, index) => {
    const [least, most] = CUT_WORDS;
    const room = Math.min(most, words.length - least) - least + 1;
    const at = least + new Rng('demo-train-cut', SEED, part, index).below(room);
    const content = words.slice(0, at).join(' ');
    return [
      ...tokenizer.encodePrompt({ kind: 'conversation', messages: [{ role: 'user', content }] }),
      ...tokenizer.encodeResponse({ kind: 'text', text: words.slice(at).join(' '), truncated: false }),
    ];
  });
  const count = Math.floor(flat.length / ROW_TOKENS);
  return Array.from({ length: count }, (_, row) => flat.slice(row * ROW_TOKENS, (row + 1) * ROW_TOKENS));
}

function say(text: string): void {
  console.error(`demo-train: ${text}`);
}

/**
 * @file Trains every weight on plain token sequences: the first steps of a model, before there are preferences.
 *
 * Computes losses and gradients; the optimizer is the caller's. Runs in the calling thread and keeps it busy, which is
 * right for a script that does nothing else.
 */
import type { TensorMap } from '#core';
import { modelTensors, type ModelConfig } from '#ml/checkpoint';
import { BATCH_TOKENS_MAX, microBatches } from './batching/micro-batches.js';
import type { Sequence } from './batching/sequence.js';
import { sequenceBatch } from './batching/sequence-batch.js';
import { UnitInvalidError } from './engine.errors.js';
import { GradientSums } from './gradient-sums.js';
import type { TokenSequence } from './policy-engine.js';
import { LanguageModelProgram } from './programs/language-model-program.js';
import { ProgramContext } from './programs/program-context.js';
import { ScoreProgram } from './programs/score-program.js';
import { weightSet } from './programs/weights.js';

export interface LanguageModelTrainerOptions {
  readonly config: ModelConfig;
  /** @default 1 */
  readonly intraOpThreads?: number;
  /** @default cpu */
  readonly executionProvider?: string;
  /** Padded tokens that go through the model at once. @default 1024 */
  readonly microBatchTokensMax?: number;
}

export interface LanguageModelStep {
  /** Mean next-token cross-entropy, nats. */
  readonly loss: number;
  /** Of that mean, with respect to every weight, by name, in the model's order. */
  readonly gradients: TensorMap;
  readonly tokenCount: number;
}

export class LanguageModelTrainer {
  private constructor(
    private readonly config: ModelConfig,
    private readonly program: LanguageModelProgram,
    private readonly scoring: ScoreProgram,
    private readonly tokensMax: number,
  ) {}

  static async open(options: LanguageModelTrainerOptions): Promise<LanguageModelTrainer> {
    const { config, intraOpThreads = 1, executionProvider = 'cpu', microBatchTokensMax = BATCH_TOKENS_MAX } = options;
    const context = new ProgramContext(config, { intraOpThreads, executionProvider });
    const program = await LanguageModelProgram.create(context);
    return new LanguageModelTrainer(config, program, await ScoreProgram.create(context), microBatchTokensMax);
  }

  /**
   * Loss and gradients of a batch. Every token of a row but the first is predicted from those before it, so a row of
   * T + 1 tokens has T targets. Rows need not be equally long.
   */
  async step(weights: TensorMap, rows: readonly TokenSequence[]): Promise<LanguageModelStep> {
    const sequences = rows.map(nextTokenSequence);
    const tokenCount = targetCount(sequences);
    const sums = new GradientSums();
    let loss = 0;
    for (const group of microBatches(sequences, (sequence) => [sequence], this.tokensMax)) {
      const part = await this.program.run(weightSet(weights), sequenceBatch(group), 1 / tokenCount);
      loss += part.loss;
      sums.add(part.gradients);
    }
    const gradients = sums.finish(modelTensors(this.config).map(({ name }) => name));
    return { loss, gradients, tokenCount };
  }

  /** Mean next-token cross-entropy of held-out rows, without gradients. */
  async loss(weights: TensorMap, rows: readonly TokenSequence[]): Promise<number> {
    const sequences = rows.map(nextTokenSequence);
    let sum = 0;
    for (const group of microBatches(sequences, (sequence) => [sequence], this.tokensMax)) {
      const logProbs = await this.scoring.run(weightSet(weights), sequenceBatch(group));
      for (const logProb of logProbs) sum -= logProb;
    }
    return sum / targetCount(sequences);
  }

  async dispose(): Promise<void> {
    await this.program.dispose();
    await this.scoring.dispose();
  }
}

function targetCount(sequences: readonly Sequence[]): number {
  return sequences.reduce((count, { targets }) => count + targets.length, 0);
}

function nextTokenSequence(row: TokenSequence, index: number): Sequence {
  if (row.length < 2) throw new UnitInvalidError(`Row ${index}`, `expected at least two tokens, got ${row.length}`);
  const tokenIds = row.slice(0, -1);
  return {
    tokenIds,
    positions: tokenIds.map((_, position) => position),
    branches: tokenIds.map(() => 0),
    targets: row.slice(1).map((tokenId, from) => ({ from, tokenId, responseIndex: index })),
  };
}

/**
 * @file A decoder with a classification head instead of an output table, without a thread of its own: token ids in, one
 * row of label logits per sequence out.
 */
import type { F32Tensor, TensorMap } from '#core';
import type { ModelConfig } from '#ml/checkpoint';
import { sequenceBatch } from './batching/sequence-batch.js';
import type { TokenSequence } from './policy-engine.js';
import { CLASSIFIER_HEAD, ClassifyProgram } from './programs/classify-program.js';
import { ProgramContext } from './programs/program-context.js';
import { weightSet, type WeightSet } from './programs/weights.js';

export interface SequenceClassifierOptions {
  readonly config: ModelConfig;
  /** Tensors of the decoder under their Hugging Face names. */
  readonly backbone: TensorMap;
  /** [labels, C] */
  readonly head: F32Tensor;
  readonly intraOpThreads: number;
  readonly executionProvider: string;
}

/** A sequence, and the token whose hidden state the head reads. */
export interface ClassifiedSequence {
  readonly tokenIds: TokenSequence;
  readonly readAt: number;
}

/**
 * A token for the head to read. At least two are read in a pass: ONNX Runtime multiplies a single row by other code, which
 * adds up in another order, and a score would depend on whether it is alone.
 */
const target = (from: number, responseIndex: number) => ({ from, tokenId: 0, responseIndex });

export class SequenceClassifier {
  private constructor(
    private readonly program: ClassifyProgram,
    private readonly weights: WeightSet,
    private readonly labelCount: number,
  ) {}

  static async create(options: SequenceClassifierOptions): Promise<SequenceClassifier> {
    const { config, backbone, head, intraOpThreads, executionProvider } = options;
    const [labelCount = 0] = head.dims;
    const context = new ProgramContext(config, { intraOpThreads, executionProvider });
    const program = await ClassifyProgram.create(context, labelCount);
    return new SequenceClassifier(program, weightSet(new Map([...backbone, [CLASSIFIER_HEAD, head]])), labelCount);
  }

  /** Logits of each sequence, all in one pass; the thread is busy meanwhile. @param length that all are padded to, at least */
  async logits(sequences: readonly ClassifiedSequence[], length = 0): Promise<Float32Array[]> {
    const batch = sequenceBatch(
      sequences.map(({ tokenIds, readAt }, responseIndex) => ({
        tokenIds,
        positions: tokenIds.map((_, position) => position),
        branches: tokenIds.map(() => 0),
        targets: sequences.length > 1 ? [target(readAt, responseIndex)] : [target(readAt, 0), target(readAt, 0)],
      })),
      length,
    );
    const logits = await this.program.run(this.weights, batch);
    return sequences.map((_, row) => logits.slice(row * this.labelCount, (row + 1) * this.labelCount));
  }

  async dispose(): Promise<void> {
    await this.program.dispose();
  }
}

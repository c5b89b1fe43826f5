/**
 * @file Trains a reward model: rewards of pairs of responses, the loss of Bradley and Terry, and its gradient with respect
 * to the head and to a decoder's low-rank factors or all of its weights.
 *
 * Computes losses and gradients; the optimizer is the caller's. Runs in the calling thread and keeps it busy.
 */
import { present, type TensorMap } from '#core';
import { loraTargets, shapesOf, type AdapterSpec, type LoraTarget } from '#ml/adapters';
import type { ModelConfig } from '#ml/checkpoint';
import { bradleyTerryReference, type BradleyTerrySettings } from '#ml/losses';
import { MergedWeights } from './adapters/policies.js';
import { gradientTokensMax, microBatches, wholeRowTokensMax } from './batching/micro-batches.js';
import { pairedNumbers, sequencesOfPair, type RewardPair } from './batching/reward-pair.js';
import type { Sequence } from './batching/sequence.js';
import { sequenceBatch } from './batching/sequence-batch.js';
import { GradientNotFiniteError, UnitInvalidError } from './engine.errors.js';
import { GradientSums } from './gradient-sums.js';
import { ClassifyProgram } from './programs/classify-program.js';
import { MergeProgram } from './programs/merge-program.js';
import { ProgramContext } from './programs/program-context.js';
import { RewardLossProgram } from './programs/reward-loss-program.js';
import { RewardSumProgram } from './programs/reward-sum-program.js';
import { loraWeights, weightSet, type WeightSet } from './programs/weights.js';
import type { UnitControl } from './units/unit-control.js';

export interface RewardTrainerOptions extends BradleyTerrySettings {
  readonly config: ModelConfig;
  /** Tensors of the decoder under their Hugging Face names. */
  readonly backbone: TensorMap;
  readonly spec: AdapterSpec;
  /** @default 1 */
  readonly intraOpThreads?: number;
  /** @default cpu */
  readonly executionProvider?: string;
  /** Tokens of the longest pair whose gradient is taken in one piece. @default 1024, fewer for large models */
  readonly treeTokensMax?: number;
}

/** What a pair got. */
export interface PairRewards {
  readonly chosen: number;
  readonly rejected: number;
}

export interface RewardStep {
  readonly rows: readonly (PairRewards & { readonly loss: number })[];
  /** Of the mean loss, with respect to everything that is trained, in its order. */
  readonly gradients: TensorMap;
  readonly tokenCount: number;
}

/** Weights as sessions take them; made of what is trained, once per optimizer step. */
export interface RewardWeights {
  readonly set: WeightSet;
  readonly trainedNames: readonly string[];
}

/** A pair as it goes through the model. */
interface LaidOutPair extends RewardPair {
  readonly index: number;
  readonly sequences: readonly Sequence[];
}

interface Programs {
  readonly loss: RewardLossProgram;
  readonly classify: ClassifyProgram;
  readonly merge: MergeProgram;
}

export class RewardTrainer {
  private readonly merged: MergedWeights;
  private readonly tokensMax: number;
  private readonly treeTokensMax: number;
  private parted: Promise<RewardSumProgram> | undefined;

  private constructor(
    private readonly options: RewardTrainerOptions,
    private readonly context: ProgramContext,
    private readonly programs: Programs,
    private readonly targets: readonly LoraTarget[] | undefined,
  ) {
    this.merged = new MergedWeights(options.backbone, programs.merge);
    this.tokensMax = gradientTokensMax(options.config);
    this.treeTokensMax = options.treeTokensMax ?? wholeRowTokensMax(options.config);
  }

  /** @throws AdapterInvalidError, FeatureUnsupportedError for a spec that this decoder does not carry */
  static async open(options: RewardTrainerOptions): Promise<RewardTrainer> {
    const { config, backbone, spec, intraOpThreads = 1, executionProvider = 'cpu' } = options;
    const context = new ProgramContext(config, { intraOpThreads, executionProvider });
    const targets = spec.kind === 'lora' ? loraTargets(spec, shapesOf(backbone), 'reward model') : undefined;
    const loss = await RewardLossProgram.create(context, options, targets && loraWeights(targets));
    const programs = {
      loss,
      classify: await ClassifyProgram.create(context, 1),
      merge: await MergeProgram.create(context),
    };
    return new RewardTrainer(options, context, programs, targets);
  }

  /** @param trained the head, and the factors or every weight */
  async weightsOf(trained: TensorMap): Promise<RewardWeights> {
    const decoder = this.targets ? await this.merged.adapted(trained, this.targets) : [];
    return { set: new Map([...decoder, ...weightSet(trained)]), trainedNames: [...trained.keys()] };
  }

  /**
   * Loss and gradient of a batch of pairs.
   *
   * @throws GradientNotFiniteError; UnitInvalidError for no pairs
   */
  async step(weights: RewardWeights, pairs: readonly RewardPair[], control: UnitControl): Promise<RewardStep> {
    if (pairs.length === 0) throw new UnitInvalidError('Batch', 'expected at least one pair, got none');
    const laidOut = this.layOut(pairs);
    const sums = new GradientSums();
    const losses = new Map<number, RewardStep['rows'][number]>();
    const factor = 1 / pairs.length;
    const whole = laidOut.filter(({ sequences }) => sequences.length === 1);
    for (const group of microBatches(whole, ({ sequences }) => sequences, this.tokensMax)) {
      await control.proceed();
      const batch = sequenceBatch(group.flatMap(({ sequences }) => sequences));
      const margins = group.map(({ margin }) => margin);
      const result = await this.programs.loss.run(weights.set, batch, { margins, factor });
      group.forEach(({ index }, at) => {
        const of = (values: Float32Array) => present(values[at], `value of pair ${index}`);
        losses.set(index, { chosen: of(result.chosen), rejected: of(result.rejected), loss: of(result.losses) });
      });
      sums.add(result.gradients);
    }
    const long = laidOut.filter(({ sequences }) => sequences.length > 1);
    for (const pair of long) losses.set(pair.index, await this.addParted(weights, pair, { sums, factor, control }));
    const rows = pairs.map((_, index) => present(losses.get(index), `pair ${index}`));
    rows.forEach(({ loss }, index) => {
      if (!Number.isFinite(loss)) throw new GradientNotFiniteError(`Loss of pair ${index}`, loss);
    });
    return { rows, gradients: sums.finish(weights.trainedNames), tokenCount: tokensOf(laidOut) };
  }

  /** Rewards of pairs, without gradients. */
  async rewards(weights: RewardWeights, pairs: readonly RewardPair[], control: UnitControl): Promise<PairRewards[]> {
    const rewards: PairRewards[] = [];
    for (const group of microBatches(this.layOut(pairs), ({ sequences }) => sequences, this.tokensMax)) {
      await control.proceed();
      const batch = sequenceBatch(group.flatMap(({ sequences }) => sequences));
      rewards.push(...pairedNumbers(await this.programs.classify.run(weights.set, batch)));
    }
    return rewards;
  }

  async dispose(): Promise<void> {
    const { loss, classify, merge } = this.programs;
    for (const program of [loss, classify, merge, await this.parted]) await program?.dispose();
  }

  private layOut(pairs: readonly RewardPair[]): LaidOutPair[] {
    return pairs.map((pair, index) => ({ ...pair, index, sequences: sequencesOfPair(pair, this.treeTokensMax) }));
  }

  /** A pair in two pieces: rewards first, from them the slopes, then each response's own gradient. */
  private async addParted(
    weights: RewardWeights,
    { margin, sequences }: LaidOutPair,
    { sums, factor, control }: PartedWork,
  ): Promise<RewardStep['rows'][number]> {
    this.parted ??= RewardSumProgram.create(this.context, this.targets && loraWeights(this.targets));
    const program = await this.parted;
    const batches = sequences.map((sequence) => sequenceBatch([sequence]));
    const rewards: number[] = [];
    for (const batch of batches) {
      await control.proceed();
      rewards.push(...(await this.programs.classify.run(weights.set, batch)));
    }
    const [chosen, rejected] = [present(rewards[0], 'chosen'), present(rewards[1], 'rejected')];
    const { loss, chosenSlope, rejectedSlope } = bradleyTerryReference({ chosen, rejected, margin }, this.options);
    for (const [index, slope] of [chosenSlope, rejectedSlope].entries()) {
      await control.proceed();
      sums.add(await program.run(weights.set, present(batches[index], 'sequence'), [slope * factor]));
    }
    return { chosen, rejected, loss };
  }
}

interface PartedWork {
  readonly sums: GradientSums;
  readonly factor: number;
  readonly control: UnitControl;
}

function tokensOf(pairs: readonly LaidOutPair[]): number {
  return pairs.flatMap(({ sequences }) => sequences).reduce((count, { tokenIds }) => count + tokenIds.length, 0);
}

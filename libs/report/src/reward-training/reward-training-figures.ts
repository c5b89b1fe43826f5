/** @file The figures of a reward model's training, each with its interval, and what a reader should watch for. */
import { Rng } from '#core';
import { fixed, percent } from '../markup/format.js';
import { mean, pairedBootstrap, type PairedDifference } from '../statistics/bootstrap.js';
import { calibrationOf, type Calibration } from '../statistics/calibration.js';
import { rangeOf, type Range } from '../statistics/range.js';
import { proportion, type Proportion } from '../statistics/wilson.js';
import type { RewardHeldOutPair, RewardTrainingData } from './reward-training-data.js';

/** Mean and standard deviation (of the sample, n − 1). */
export interface Spread {
  readonly mean: number;
  readonly std: number;
}

/** The held-out pairs under one model. */
export interface RewardStage extends Calibration, Range {
  /** Pairs whose chosen response has the higher reward; a tie is wrong. */
  readonly accuracy: Proportion;
  readonly tieCount: number;
  readonly chosen: Spread;
  readonly rejected: Spread;
  /** Of the chosen less the rejected. */
  readonly difference: Spread;
}

export interface RewardTrainingFigures {
  readonly before: RewardStage;
  readonly after: RewardStage;
  /** Of the accuracies, over the same pairs. */
  readonly gain: PairedDifference | undefined;
  /** What preferring the longer response would get: a reward model that does no better has learned to measure length. */
  readonly longerChosen: Proportion;
  /** After training, among pairs whose chosen response is not the longer one. */
  readonly accuracyAgainstLength: Proportion;
  readonly warnings: readonly string[];
}

/** Held-out pairs below which intervals are too wide to tell much. */
const PAIR_COUNT_MIN = 100;

/** The same data gives the same figures. */
export function rewardTrainingFigures(data: RewardTrainingData): RewardTrainingFigures {
  const { heldOut, seed } = data;
  const before = stageOf(heldOut, 'before', new Rng('calibration before', seed));
  const after = stageOf(heldOut, 'after', new Rng('calibration after', seed));
  const isRight = (stage: 'before' | 'after') => heldOut.map((pair) => (differenceOf(pair, stage) > 0 ? 1 : 0));
  const unaided = heldOut.filter((pair) => pair.chosenTokenCount <= pair.rejectedTokenCount);
  const figures = {
    before,
    after,
    gain: pairedBootstrap(isRight('before'), isRight('after'), { rng: new Rng('gain', seed) }),
    longerChosen: proportion(heldOut.length - unaided.length, heldOut.length),
    accuracyAgainstLength: proportion(unaided.filter((pair) => differenceOf(pair, 'after') > 0).length, unaided.length),
  };
  return { ...figures, warnings: warningsOf(data, figures) };
}

export function differenceOf(pair: RewardHeldOutPair, stage: 'before' | 'after'): number {
  return pair[stage].chosen - pair[stage].rejected;
}

function stageOf(pairs: readonly RewardHeldOutPair[], stage: 'before' | 'after', rng: Rng): RewardStage {
  const differences = pairs.map((pair) => differenceOf(pair, stage));
  const chosen = pairs.map((pair) => pair[stage].chosen);
  const rejected = pairs.map((pair) => pair[stage].rejected);
  return {
    accuracy: proportion(differences.filter((difference) => difference > 0).length, differences.length),
    tieCount: differences.filter((difference) => difference === 0).length,
    chosen: spreadOf(chosen),
    rejected: spreadOf(rejected),
    difference: spreadOf(differences),
    ...rangeOf([...chosen, ...rejected]),
    ...calibrationOf(differences, rng),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { mean: centre, std: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

type Computed = Omit<RewardTrainingFigures, 'warnings'>;

function warningsOf({ data: { overlap } }: RewardTrainingData, { after, longerChosen }: Computed): string[] {
  const { accuracy } = after;
  const warnings: string[] = [];
  if (accuracy.low <= 0.5) {
    warnings.push(
      `The accuracy is not clearly above a coin's: its 95 % interval goes from ${percent(accuracy.low)} to ${percent(accuracy.high)}.`,
    );
  }
  if (longerChosen.share >= accuracy.share) {
    warnings.push(
      `Preferring the longer response gets ${percent(longerChosen.share)} of the held-out pairs right, no less than this model.`,
    );
  }
  if (after.logLoss.value > Math.LN2) {
    warnings.push(
      `The log loss is ${fixed(after.logLoss.value, 3)}, above a coin's ${fixed(Math.LN2, 3)}: the model is far surer than it is right. Fewer epochs or a lower learning rate may mend it.`,
    );
  }
  if (overlap.promptCount > 0) {
    warnings.push(
      `The prompts of ${overlap.promptCount} held-out pairs were trained on, ${overlap.pairCount} of them with the same responses: the accuracy on them says little.`,
    );
  }
  if (accuracy.total < PAIR_COUNT_MIN) {
    warnings.push(`Only ${accuracy.total} pairs are held out: the intervals are rough.`);
  }
  return warnings;
}

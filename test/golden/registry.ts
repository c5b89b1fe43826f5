/** @file Kinds of cases and what checks them: one file per kind. */
import { readModelConfig } from '#ml/checkpoint';
import type { Checker } from './checker.js';
import { checkForward } from './checkers/forward.js';
import { checkGenerate } from './checkers/generate.js';
import { checkGgufWeights } from './checkers/gguf-weights.js';
import { checkGradients } from './checkers/gradients.js';
import { checkLogProbs } from './checkers/log-probs.js';
import { checkLoraGradient } from './checkers/lora-gradient.js';
import { checkMerged } from './checkers/merged.js';
import { checkMetaLearner } from './checkers/meta-learner.js';
import { checkRewardPairs } from './checkers/reward-pairs.js';
import { checkRewardTrace } from './checkers/reward-trace.js';
import { checkReward } from './checkers/reward.js';
import { checkSampling } from './checkers/sampling.js';
import { checkSchedules } from './checkers/schedules.js';
import { checkTokenizer } from './checkers/tokenizer.js';
import { checkTrace } from './checkers/trace.js';
import { GoldenKindUnsupportedError } from './golden.errors.js';

const CHECKERS: Readonly<Record<string, Checker>> = {
  forward: checkForward,
  generate: checkGenerate,
  'gguf-weights': checkGgufWeights,
  gradients: checkGradients,
  logps: checkLogProbs,
  'lora-gradient': checkLoraGradient,
  merged: checkMerged,
  'meta-learner': checkMetaLearner,
  reward: checkReward,
  'reward-pairs': checkRewardPairs,
  'reward-trace': checkRewardTrace,
  sampling: checkSampling,
  schedules: checkSchedules,
  tokenizer: checkTokenizer,
  trace: checkTrace,
};

/** What checks this kind; for a kind that nothing computes, something that says why not. */
export function checkerOf(kind: string): Checker {
  return Object.hasOwn(CHECKERS, kind) ? (CHECKERS[kind] as Checker) : refuse;
}

/** The library's own refusal of the model is the better reason, where it has one. */
const refuse: Checker = async (golden) => {
  if (golden.modelPath !== undefined) await readModelConfig(golden.modelPath);
  throw new GoldenKindUnsupportedError(golden.kind, Object.keys(CHECKERS));
};

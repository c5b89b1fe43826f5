/** @file Kinds of cases and what checks them: one file per kind. */
import { readModelConfig } from '#ml/checkpoint';
import type { Checker } from './checker.js';
import { checkMetaLearner } from './checkers/meta-learner.js';
import { checkSampling } from './checkers/sampling.js';
import { checkSchedules } from './checkers/schedules.js';
import { checkTokenizer } from './checkers/tokenizer.js';
import { GoldenKindUnsupportedError } from './golden.errors.js';

const CHECKERS: Readonly<Record<string, Checker>> = {
  'meta-learner': checkMetaLearner,
  sampling: checkSampling,
  schedules: checkSchedules,
  tokenizer: checkTokenizer,
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

/**
 * @file The configuration of a run: one commented YAML file. Keys keep their YAML spelling (snake_case) in code, so that
 * a path in a message, in the file and in the program is the same word.
 */
import { z } from 'zod';
import { algorithmSection } from './algorithm-section.js';
import { integer, oneOf, text } from './fields.js';
import { rewardBackend } from './reward-section.js';
import { rewardSwaps } from './reward-swaps.js';
import { annotatorBackoffSection, annotatorPatience, budgetSection } from './spending-section.js';
import { ledgerPlace, storageSection } from './storage-section.js';
import {
  dataSection,
  evaluationSection,
  modelSection,
  optimizerSection,
  samplingSection,
  unitsSection,
} from './sections.js';

export const runConfigSchema = z.strictObject({
  /** Required. Name of the run, for people. */
  name: text('a name that is not empty'),
  /** Every random choice derives from it. Range [0, 2^53). Default 1. */
  seed: integer(0, Number.MAX_SAFE_INTEGER).default(1),
  /** Defaults of the algorithm: `metaapo` (the authors' code, defects mended), `paper`, `as-shipped`. Default `metaapo`. */
  preset: oneOf('metaapo', 'paper', 'as-shipped').default('metaapo'),
  model: modelSection,
  data: dataSection,
  /** Reward models that `metaapo run` serves, by name. Default none: a reward service's address must be given then. */
  rewards: z.record(z.string(), rewardBackend, { error: 'a mapping from names to backends' }).default({}),
  /** Required. Name of the reward model that annotates. */
  reward: text('the name of the reward model that annotates'),
  reward_swaps: rewardSwaps,
  algorithm: algorithmSection,
  optimizer: optimizerSection.prefault({}),
  sampling: samplingSection.prefault({}),
  evaluation: evaluationSection.prefault({}),
  units: unitsSection.prefault({}),
  budget: budgetSection.prefault({}),
  annotator_patience: annotatorPatience,
  annotator_backoff: annotatorBackoffSection.prefault({}),
  ledger: ledgerPlace,
  storage: storageSection.prefault({}),
});

/** A complete, checked configuration. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** Presets by name. */
export type PresetName = RunConfig['preset'];

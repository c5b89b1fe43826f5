/**
 * @file Presets: the defaults in which the paper, the authors' code and the mended code differ. A key that the file
 * gives goes before its preset.
 *
 * The differences are those of MetaAPO's text (arXiv 2509.23371) and its released code: the reference (frozen SFT model
 * or one iteration behind), β inside the meta-learner's input or not, and the true period of the meta update.
 */
import type { PresetName } from './run-config.js';

interface PresetDefaults {
  readonly algorithm: {
    readonly ref_mode: 'lagged' | 'frozen_sft';
    readonly input_beta: number | 'beta';
    readonly meta: { readonly period: number };
  };
}

export const PRESETS: { readonly [Name in PresetName]: PresetDefaults } = {
  metaapo: { algorithm: { ref_mode: 'lagged', input_beta: 1, meta: { period: 8 } } },
  paper: { algorithm: { ref_mode: 'frozen_sft', input_beta: 'beta', meta: { period: 8 } } },
  // The release counts micro-batches against a limit in samples: with its micro-batch of 2 the true period is 16 steps.
  'as-shipped': { algorithm: { ref_mode: 'lagged', input_beta: 1, meta: { period: 16 } } },
};

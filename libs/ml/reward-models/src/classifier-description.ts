/** @file What both kinds of classifiers say of themselves; the digest is that of all that decides what a text scores. */
import { digestOfJson } from '#core';
import type { Classifier } from './classifier.js';
import type { RewardModelDescription } from './reward-model.js';
import type { Window } from './truncate.js';

type Told = 'kind' | 'architecture' | 'weightsDigest' | 'tokenizerDigest' | 'templateDigest' | 'executionProvider';

export interface ClassifierFacts extends Pick<RewardModelDescription, Told> {
  /** Name and version of how this kind makes a score of a text. */
  readonly format: string;
  readonly label: Classifier['label'];
  readonly window: Window;
  /** What else changes a score. */
  readonly settings?: Readonly<Record<string, string | null>>;
}

export function classifierDescription(facts: ClassifierFacts): RewardModelDescription {
  const { format, label, window, settings, ...told } = facts;
  const { weightsDigest, tokenizerDigest, templateDigest } = told;
  const { index, name, activation } = label;
  const deciding = { ...settings, ...window, label: index, activation };
  return {
    ...told,
    digest: digestOfJson({ format, weightsDigest, tokenizerDigest, templateDigest, settings: deciding }),
    label: name,
    tokensMax: window.tokensMax,
    dtype: 'float32',
    ...(activation === 'none' ? {} : { scoreMin: 0, scoreMax: 1 }),
  };
}

/**
 * @file How long a response is: a control that shows whether another reward is only length in disguise.
 *
 * Score: the number of its units; with a target, minus the distance to it. Characters are Unicode code points, words the
 * longest runs of letters, marks and digits.
 */
import { canonicalJson, digestOf } from '#core';
import type { Scorer } from './scorer.js';

export interface LengthSpec {
  readonly backend: 'length';
  /** @default 'words' */
  readonly unit?: 'characters' | 'words' | undefined;
  /** The best length; the score is then at most 0. */
  readonly target?: number | undefined;
}

/** Raised whenever the lines below change what a text scores. */
const RULE_VERSION = 'metaapo length rule 1\n';
const WORD_PATTERN = /[\p{L}\p{M}\p{N}]+/gu;

export async function loadLength({ unit = 'words', target }: LengthSpec): Promise<Scorer> {
  return {
    weightsDigest: digestOf(RULE_VERSION, canonicalJson({ unit, target: target ?? null })),
    ...(target === undefined ? { scoreMin: 0 } : { scoreMax: 0 }),
    score: ({ response }) => {
      const length = unit === 'words' ? (response.match(WORD_PATTERN) ?? []).length : Array.from(response).length;
      return { score: target === undefined ? length : 0 - Math.abs(length - target), components: { [unit]: length } };
    },
  };
}

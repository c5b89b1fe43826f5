/**
 * @file Does a response match a regular expression, or how often? For formats that can be checked by their look.
 *
 * Score: 1 or 0; with `score: count`, the number of matches. A pattern that backtracks without end costs its response the
 * time limit and no more, for it runs in a thread.
 */
import { canonicalJson, digestOf } from '#core';
import type { Scorer } from './scorer.js';

export interface RegexSpec {
  readonly backend: 'regex';
  /** A JavaScript regular expression. */
  readonly pattern: string;
  /** Of `i`, `m`, `s`, `u` and `v`; `g` is set where it is needed. @default 'u' */
  readonly flags?: string | undefined;
  /** @default 'match' */
  readonly score?: 'match' | 'count' | undefined;
}

/** Raised whenever the lines below change what a text scores. */
const RULE_VERSION = 'metaapo regex rule 1\n';

/** What a pattern and its flags lack, or undefined where they are an expression. */
export function regexProblem(pattern: string, flags = 'u'): string | undefined {
  if (!/^[imsuv]*$/.test(flags)) return `expected flags of i, m, s, u and v, got ${JSON.stringify(flags)}`;
  try {
    new RegExp(pattern, flags);
    return undefined;
  } catch (thrown) {
    return (thrown as SyntaxError).message;
  }
}

export async function loadRegex({ pattern, flags = 'u', score = 'match' }: RegexSpec): Promise<Scorer> {
  const expression = new RegExp(pattern, score === 'count' ? `${flags}g` : flags);
  return {
    weightsDigest: digestOf(RULE_VERSION, canonicalJson({ pattern, flags, score })),
    scoreMin: 0,
    ...(score === 'match' && { scoreMax: 1 }),
    score: ({ response }) => {
      const value = score === 'count' ? [...response.matchAll(expression)].length : Number(expression.test(response));
      return { score: value, components: {} };
    },
  };
}

/**
 * @file Sentiment by VADER: a lexicon with rules for negation, emphasis and "but", made for short informal English.
 *
 * Score: the compound value in [−1, 1]. Components: shares of positive, neutral and negative words.
 * Source: Hutto and Gilbert 2014, ICWSM; npm `vader-sentiment`, the authors' JavaScript port.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { SentimentIntensityAnalyzer } from 'vader-sentiment';
import { digestOf } from '#core';
import type { Scorer } from './scorer.js';

/** Raised whenever the lines below change what a text scores. */
const RULE_VERSION = 'metaapo vader rule 1\n';

export async function loadVader(): Promise<Scorer> {
  // The package's one file holds its rules and its lexicon.
  const bundle = await readFile(createRequire(import.meta.url).resolve('vader-sentiment'));
  return {
    weightsDigest: digestOf(RULE_VERSION, bundle),
    scoreMin: -1,
    scoreMax: 1,
    score: ({ response }) => {
      const { compound, pos, neu, neg } = SentimentIntensityAnalyzer.polarity_scores(response);
      return { score: compound, components: { positive: pos, neutral: neu, negative: neg } };
    },
  };
}

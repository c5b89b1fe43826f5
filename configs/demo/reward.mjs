/**
 * @file The demo's training reward: positive sentiment that may not be had by repetition or by never ending.
 *
 *   reward = VADER compound − share of repeated words − ½ if the response does not end
 *
 * VADER: Hutto and Gilbert 2014, as the npm package vader-sentiment scores it, in [−1, 1]. The word "United" of "United
 * States" counts as positive in its lexicon; it says nothing about sentiment here and is taken out first.
 */
import vader from 'vader-sentiment';

export const scoreMin = -2.5;
export const scoreMax = 1;

const UNENDED_PENALTY = 0.5;

export function score({ response, truncated }) {
  const text = response.replace(/\bunited states\b/gi, 'States');
  const sentiment = vader.SentimentIntensityAnalyzer.polarity_scores(text).compound;
  const words = response.toLowerCase().match(/[a-z']+/g) ?? [];
  const repeated = words.length === 0 ? 0 : 1 - new Set(words).size / words.length;
  const unended = truncated ? UNENDED_PENALTY : 0;
  return { score: sentiment - repeated - unended, components: { sentiment, repeated, unended } };
}

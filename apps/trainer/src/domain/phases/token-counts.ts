/** @file How many tokens a unit of work was about, for those who watch the pace. */
import type { GenerateResult, ScoreResult } from '../ports/policy-port.js';

/** Tokens drawn, end tokens excluded. */
export function generatedTokens(result: GenerateResult): number {
  const samples = result.flatMap((outcome) => (outcome.ok ? outcome.value : []));
  return samples.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0);
}

/** Tokens of responses that were scored. */
export function scoredTokens(result: ScoreResult): number {
  const responses = result.flatMap((item) => (item.ok ? item.value : []));
  return responses.reduce((sum, response) => sum + (response.ok ? response.value.tokenCount : 0), 0);
}

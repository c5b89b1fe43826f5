/** @file Whether a unit can be computed at all; asked before anything is. */
import { TokenOutOfRangeError } from '#ml/tokenizer';
import { PromptTooLongError, UnitInvalidError } from '../engine.errors.js';
import type { EngineDescription, GenerateUnit, GradientUnit, ScoreUnit, TokenSequence } from '../policy-engine.js';

type Limits = Pick<EngineDescription, 'contextTokensMax' | 'vocabularySize'>;

export function checkScoreUnit({ policies, rows }: ScoreUnit, limits: Limits): void {
  if (policies.length === 0) throw new UnitInvalidError('Score unit', 'expected at least one policy, got none');
  checkRows('Score unit', rows);
  rows.forEach(({ prompt, responses }, index) => {
    if (responses.length === 0) throw new UnitInvalidError(`Row ${index}`, 'expected at least one response, got none');
    checkPrompt(prompt, index, limits);
    for (const response of responses) checkResponse(prompt, response, index, limits);
  });
}

export function checkGenerateUnit({ rows, samplesPerPrompt, sampling }: GenerateUnit, limits: Limits): void {
  checkRows('Generate unit', rows);
  checkCount('samplesPerPrompt', samplesPerPrompt);
  checkCount('maxNewTokens', sampling.maxNewTokens);
  rows.forEach(({ prompt }, index) => {
    checkPrompt(prompt, index, limits);
    checkLength(index, prompt.length + sampling.maxNewTokens, limits);
  });
}

export function checkGradientUnit(unit: GradientUnit, limits: Limits): void {
  const { rows, weighting } = unit;
  checkRows('Gradient unit', rows);
  if (weighting.kind === 'per_item' && weighting.weights.length !== rows.length) {
    const problem = `expected one weight per row (${rows.length}), got ${weighting.weights.length}`;
    throw new UnitInvalidError('Gradient unit', problem);
  }
  rows.forEach(({ prompt, offline, online }, index) => {
    const constant = weighting.kind === 'constant' ? weighting.weight : undefined;
    if (!offline && constant !== 0) throw new UnitInvalidError(`Row ${index}`, 'its weighting needs the offline pair');
    if (!online && constant !== 1) throw new UnitInvalidError(`Row ${index}`, 'its weighting needs the online pair');
    checkPrompt(prompt, index, limits);
    for (const pair of [offline, online]) {
      if (!pair) continue;
      checkResponse(prompt, pair.chosen, index, limits);
      checkResponse(prompt, pair.rejected, index, limits);
    }
  });
}

function checkRows(where: string, rows: readonly unknown[]): void {
  if (rows.length === 0) throw new UnitInvalidError(where, 'expected at least one row, got none');
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new UnitInvalidError('Generate unit', `${name}: expected a whole number of at least 1, got ${value}`);
  }
}

function checkPrompt(prompt: TokenSequence, index: number, limits: Limits): void {
  if (prompt.length === 0) throw new UnitInvalidError(`Row ${index}`, 'expected a prompt of at least one token');
  checkTokens(prompt, `Prompt of row ${index}`, limits);
  checkLength(index, prompt.length, limits);
}

function checkResponse(prompt: TokenSequence, response: TokenSequence, index: number, limits: Limits): void {
  if (response.length === 0) throw new UnitInvalidError(`Row ${index}`, 'expected responses of at least one token');
  checkTokens(response, `Response of row ${index}`, limits);
  checkLength(index, prompt.length + response.length, limits);
}

function checkLength(index: number, tokenCount: number, { contextTokensMax }: Limits): void {
  if (tokenCount > contextTokensMax) throw new PromptTooLongError(index, tokenCount, contextTokensMax);
}

function checkTokens(tokens: TokenSequence, where: string, { vocabularySize }: Limits): void {
  tokens.forEach((id, index) => {
    if (Number.isInteger(id) && id >= 0 && id < vocabularySize) return;
    throw new TokenOutOfRangeError(where, { index, id, vocabularySize });
  });
}

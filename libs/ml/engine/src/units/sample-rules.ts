/** @file What ends a sample and which tokens it may draw: the unit's settings, the model's end tokens. */
import type { ModelConfig } from '#ml/checkpoint';
import type { SampleRules } from '#ml/generate';
import type { GenerateUnit } from '../policy-engine.js';

export interface SampleRulesParts {
  readonly unit: GenerateUnit;
  readonly config: ModelConfig;
  /** Text of tokens, for stop texts. */
  readonly textOf: SampleRules['decode'];
}

export function sampleRulesOf({ unit, config, textOf }: SampleRulesParts): SampleRules {
  const { temperature, topK, topP, maxNewTokens, stop } = unit.sampling;
  return {
    truncation: { temperature, topK, topP },
    maxNewTokens,
    endTokenIds: config.eosTokenIds,
    stopTexts: stop,
    decode: textOf,
  };
}

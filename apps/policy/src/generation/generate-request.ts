/** @file Checks a `GenerateResponsesRequest` as a whole. */
import type { GenerateResponsesRequest__Output, Sampling__Output } from '#contracts/policy';
import type { PolicyRef, SamplingSettings } from '#ml/engine';
import { toPolicyRef } from '../requests/policy-ref.js';
import { RequestCheck } from '../requests/request-check.js';
import type { UnitLimits } from '../units/unit-parts.js';
import { SamplingInvalidError } from './generation.errors.js';

const TEMPERATURE_MAX = 100;
const STOP_TEXTS_MAX = 16;

/** What a checked request asks for, besides its items. */
export interface GenerateSettings {
  readonly policy: PolicyRef;
  readonly samplesPerPrompt: number;
  readonly sampling: SamplingSettings;
}

/** @throws `SAMPLING_INVALID` when only the drawing is at fault, else `REQUEST_INVALID`; all problems at once */
export function checkGenerateRequest(request: GenerateResponsesRequest__Output, limits: UnitLimits): GenerateSettings {
  const { samplesPerPrompt, sampling } = request;
  const check = new RequestCheck();
  check.expectPolicy(request.policy, 'policy');
  check.expectItems(request.items, limits.unitItemsMax);
  check.expect(
    samplesPerPrompt >= 1 && samplesPerPrompt <= limits.samplesPerPromptMax,
    'samples_per_prompt',
    `from 1 to ${limits.samplesPerPromptMax}`,
    samplesPerPrompt,
  );
  if (check.expect(sampling !== null, 'sampling', 'sampling settings', 'none')) {
    expectSampling(check, sampling as Sampling__Output, limits.contextTokensMax);
  }
  check.finish({ fields: /^(samples_per_prompt|sampling)/, make: (problems) => new SamplingInvalidError(problems) });
  return {
    policy: toPolicyRef(request.policy),
    samplesPerPrompt,
    sampling: toSettings(sampling as Sampling__Output),
  };
}

function expectSampling(check: RequestCheck, sampling: Sampling__Output, contextTokensMax: number): void {
  const { temperature, topP, maxNewTokens, stop } = sampling;
  // Written so that NaN fails.
  check.expect(
    temperature >= 0 && temperature <= TEMPERATURE_MAX,
    'sampling.temperature',
    `from 0 to ${TEMPERATURE_MAX}`,
    temperature,
  );
  check.expect(topP >= 0 && topP <= 1, 'sampling.top_p', 'above 0 and at most 1, or 0 for absent', topP);
  check.expect(
    maxNewTokens >= 1 && maxNewTokens <= contextTokensMax,
    'sampling.max_new_tokens',
    `from 1 to ${contextTokensMax}, the context length`,
    maxNewTokens,
  );
  check.expect(stop.length <= STOP_TEXTS_MAX, 'sampling.stop', `at most ${STOP_TEXTS_MAX} texts`, stop.length);
  for (const [index, text] of stop.entries()) {
    check.expect(text !== '', `sampling.stop[${index}]`, 'a text that is not empty', text);
  }
}

function toSettings({ temperature, topK, topP, maxNewTokens, stop }: Sampling__Output): SamplingSettings {
  return { temperature, topK, topP: topP === 0 ? 1 : topP, maxNewTokens, stop };
}

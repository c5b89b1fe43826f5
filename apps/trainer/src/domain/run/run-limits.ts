/** @file Holds a configuration against what the services can do, before anything is computed. */
import type { RunConfig } from '#run-config';
import type { PolicyDescription } from '../ports/policy-port.js';
import { DecodePrecisionMismatchError, RunLimitExceededError } from './run.errors.js';

/** @throws RunLimitExceededError, DecodePrecisionMismatchError (`CONFIG_INVALID`) */
export function checkLimits({ model, units, algorithm }: RunConfig, policy: PolicyDescription): void {
  const { unitItemsMax, samplesPerPromptMax, decodePrecision } = policy;
  if (decodePrecision !== model.decode_precision) {
    throw new DecodePrecisionMismatchError(model.decode_precision, decodePrecision);
  }
  const limited = [
    { key: 'units.score_items', value: units.score_items, max: unitItemsMax },
    { key: 'units.generate_items', value: units.generate_items, max: unitItemsMax },
    { key: 'units.gradient_items', value: units.gradient_items, max: unitItemsMax },
    { key: 'algorithm.samples_per_prompt', value: algorithm.samples_per_prompt, max: samplesPerPromptMax },
  ];
  for (const { key, value, max } of limited) {
    if (value > max) throw new RunLimitExceededError(key, value, max, 'policy');
  }
}

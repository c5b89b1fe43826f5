/** @file The configuration of a run: schema, presets, overrides. */
export { duration, durationMs } from './durations.js';
export { loraRules } from './lora-rules.js';
export { POLICY_RECORD_FILE, encodePolicyRecord, parsePolicyRecord, type PolicyRecord } from './policy-record.js';
export { parseRunConfig, resultSettings, type ParsedRunConfig, type ParseOptions } from './parse-run-config.js';
export {
  parseRewardTrainingConfig,
  rewardTrainingSettings,
  type ParsedRewardTrainingConfig,
} from './parse-reward-training-config.js';
export type { RewardTrainingConfig } from './reward-training-config.js';
export { withRewardPaths, type RewardBackend } from './reward-section.js';
export type { PresetName, RunConfig } from './run-config.js';
export { ConfigInvalidError, type ConfigProblem } from './run-config.errors.js';
export { annotationLimit } from './spending-section.js';
export { isUrl } from './storage-section.js';

/** @file The configuration of a run: schema, presets, overrides. */
export { parseRunConfig, type ParsedRunConfig, type ParseOptions } from './parse-run-config.js';
export type { PresetName, RewardBackend, RunConfig } from './run-config.js';
export { ConfigInvalidError, type ConfigProblem } from './run-config.errors.js';

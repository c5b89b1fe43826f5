/** @file Adapters: specs, digests, PEFT folders, initial values, merging. */
export {
  adapterDigest,
  loraScale,
  parameterCount,
  sortedNames,
  tensorBytes,
  type Adapter,
  type AdapterSpec,
  type FullSpec,
  type LoraSpec,
} from './adapter.js';
export { AdapterInvalidError } from './adapter.errors.js';
export { initialLora, type InitialLoraOptions } from './initial-lora.js';
export {
  ALL_LINEAR,
  loraName,
  moduleSuffix,
  parseLoraName,
  shapesOf,
  type BaseShapes,
  type LoraFactor,
} from './lora-names.js';
export { mergeAdapter } from './merge-adapter.js';
export {
  ADAPTER_CONFIG_FILE,
  ADAPTER_WEIGHTS_FILE,
  readPeftFolder,
  writePeftFolder,
  type WritePeftOptions,
} from './peft-folder.js';
export { adapterShapes, checkLoraSpec, loraTargets, validateAdapter } from './validate-adapter.js';

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
  type ModuleNumbers,
} from './adapter.js';
export { AdapterBaseMismatchError, AdapterInvalidError } from './adapter.errors.js';
export { initialLora, type InitialLoraOptions, type LoraInit } from './initial-lora.js';
export { ALL_LINEAR, loraName, parseLoraName, shapesOf, type BaseShapes, type LoraFactor } from './lora-names.js';
export { checkLoraSpec, loraTargets, type LoraTarget } from './lora-targets.js';
export { mergeAdapter, tensorMerger, type TensorMerger } from './merge-adapter.js';
export {
  ADAPTER_CONFIG_FILE,
  ADAPTER_WEIGHTS_FILE,
  readPeftFolder,
  writePeftFolder,
  type ReadPeftOptions,
  type WritePeftOptions,
} from './peft-folder.js';
export { resolveLora, type LoraRules, type ResolveOptions } from './resolve-lora.js';
export { adapterShapes, validateAdapter } from './validate-adapter.js';

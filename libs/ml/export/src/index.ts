/** @file Trained models out of here: merged Hugging Face folders and GGUF files. */
export { writeClassifierFiles, writeClassifierWeights, type ClassifierFolderOptions } from './classifier-folder.js';
export { ExportExistsError, ExportUnsupportedError } from './export.errors.js';
export { writeGgufModel, type GgufOptions } from './gguf-model.js';
export { mergedModel, type MergedModel, type MergedTensor } from './merged-model.js';
export { writeModelFolder, type FolderDType, type ModelFolderOptions } from './model-folder.js';
export { placeOutput, type PlaceOptions } from './place-output.js';

/**
 * @file Sequence classifiers over a decoder: transformers' `…ForSequenceClassification` folders, as reward models come.
 *
 * Such a folder is a language model without its output table, and one matrix instead: `score.weight` [labels, C], no
 * bias. So its config is read as that of the language model, with the same refusals; only the head differs. Source of
 * truth: `GenericForSequenceClassification` in transformers' `modeling_layers.py`.
 */
import { join } from 'node:path';
import { TensorShapeMismatchError, type Digest, type F32Tensor, type TensorMap } from '#core';
import { readModelWeights } from '#ml/tensor';
import { checkTensors, checkpointDigest } from './checkpoint.js';
import { ArchitectureUnsupportedError, ModelConfigMissingError, TensorMissingError } from './checkpoint.errors.js';
import { ConfigFields, type JsonObject } from './config-fields.js';
import { requireModelFolder } from './model-folder.js';
import { ARCHITECTURES, type ModelConfig } from './model-config.js';
import { CONFIG_FILE, parseModelConfig, readJson } from './read-config.js';

export interface ClassifierConfig {
  /** As config.json names it. */
  readonly architecture: string;
  /** The decoder below the head; its head counts as tied, so that nobody asks for `lm_head.weight`. */
  readonly backbone: ModelConfig;
  /** Names of the labels, in the order of the head's rows. At least one. */
  readonly labels: readonly string[];
}

export interface ClassifierCheckpoint {
  readonly dir: string;
  readonly config: ClassifierConfig;
  /** Digest of config and weights, as of any model folder. */
  readonly digest: Digest;
  /** Tensors of the decoder in float32 under their Hugging Face names. */
  readonly backbone: TensorMap;
  /** [labels, C] */
  readonly head: F32Tensor;
}

const HEAD = 'score.weight';
const CAUSAL = 'ForCausalLM';
const CLASSIFIER = 'ForSequenceClassification';
/** Classifiers that are not simply called like their language model. */
const IRREGULAR: Readonly<Record<string, string>> = { Gemma3ForCausalLM: 'Gemma3TextForSequenceClassification' };

/** transformers gives a config that names no labels two of them. */
const LABELS_DEFAULT = 2;

/** Reads the configuration of a classifier's folder. @throws ArchitectureUnsupportedError, and what reading any config throws */
export async function readClassifierConfig(dir: string): Promise<ClassifierConfig> {
  await requireModelFolder(dir);
  const path = join(dir, CONFIG_FILE);
  const config = await readJson(path);
  if (config === undefined) throw new ModelConfigMissingError(path);
  return parseClassifierConfig(path, config);
}

/** The same from a parsed file; `path` names config.json in errors. */
export function parseClassifierConfig(path: string, config: JsonObject): ClassifierConfig {
  const fields = new ConfigFields(path, config);
  const list = fields.raw('architectures');
  if (!Array.isArray(list) || list.length !== 1) throw fields.wrong('architectures', 'a list of one name', list);
  const causal = ARCHITECTURES.find((name) => classifierName(name) === list[0]);
  if (causal === undefined) {
    throw new ArchitectureUnsupportedError(path, String(list[0]), ARCHITECTURES.map(classifierName));
  }
  // A classifier generates nothing, so its config may lack an end token; the reader of language models asks for one.
  const eos = fields.raw('eos_token_id') ?? 0;
  const asCausal = { ...config, architectures: [causal], tie_word_embeddings: true, eos_token_id: eos };
  return { architecture: classifierName(causal), backbone: parseModelConfig(path, asCausal), labels: labelsOf(fields) };
}

/** Opens a classifier's folder and reads its weights. */
export async function openClassifierCheckpoint(dir: string): Promise<ClassifierCheckpoint> {
  const config = await readClassifierConfig(dir);
  const stored = new Map((await readModelWeights(dir)).tensors);
  const head = stored.get(HEAD);
  if (!head) throw new TensorMissingError(dir, [HEAD]);
  const dims = [config.labels.length, config.backbone.hiddenSize];
  if (head.dims.join() !== dims.join()) throw new TensorShapeMismatchError(HEAD, dims, head.dims, dir);
  stored.delete(HEAD);
  const backbone = checkTensors(config.backbone, stored, dir);
  return { dir, config, digest: await checkpointDigest(dir), backbone, head };
}

/** What transformers calls the classifier over a language model of this architecture. */
export function classifierName(architecture: string): string {
  return IRREGULAR[architecture] ?? architecture.replace(CAUSAL, CLASSIFIER);
}

/** `id2label` by id, else as many labels as `num_labels` says. */
function labelsOf(fields: ConfigFields): string[] {
  const named = fields.nested('id2label');
  const count = named
    ? Object.keys(fields.raw('id2label') as object).length
    : fields.size('num_labels', LABELS_DEFAULT);
  if (count === 0) throw fields.wrong('id2label', 'at least one label', {});
  return Array.from({ length: count }, (_, id) => named?.text(String(id)) ?? `LABEL_${id}`);
}

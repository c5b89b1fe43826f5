/**
 * @file A merged model as one GGUF file that llama.cpp and Ollama open at once: settings, tokenizer and chat template in
 * its metadata, matrices in the type that was asked for, norms and biases in float32 as llama.cpp wants them.
 */
import { present, type F32Tensor } from '#core';
import { ggufArchitecture, modelKind } from '#ml/checkpoint';
import {
  GGML_TYPES,
  GgufFile,
  ggufTensorName,
  gguf,
  toGgufValues,
  writeGguf,
  type GgufArchitecture,
  type GgufTensorSource,
  type GgufValue,
  type WritableGgmlType,
} from '#ml/gguf';
import { ExportUnsupportedError } from './export.errors.js';
import { ggufSettings } from './gguf-settings.js';
import { ggufTokenizer } from './gguf-tokenizer.js';
import type { MergedModel, MergedTensor } from './merged-model.js';

export interface GgufOptions {
  /** Element type of the matrices. */
  readonly type: WritableGgmlType;
  /** `general.name`, where the base is a folder. */
  readonly name: string;
}

/** `general.file_type` of llama.cpp's `llama_ftype`. */
const FILE_TYPES: { readonly [T in WritableGgmlType]: number } = { F32: 0, F16: 1, Q8_0: 7, BF16: 32 };
const QUANTIZATION_VERSION = 2;
/** Largest number that float16 holds. */
const F16_MAX = 65_504;
/** Divisors of rotary frequencies: part of the settings, and never narrowed. */
const ROPE_TENSOR = /^rope_/;

interface Description {
  readonly architecture: GgufArchitecture;
  readonly metadata: Map<string, GgufValue>;
  readonly tensors: readonly GgufTensorSource[];
  /** What the file cannot say, in words. */
  readonly notes: readonly string[];
}

/** Writes the file; gives what a reader should know. @throws ExportUnsupportedError for what GGUF cannot say */
export async function writeGgufModel(
  path: string,
  model: MergedModel,
  options: GgufOptions,
): Promise<readonly string[]> {
  const fromGguf = (await modelKind(model.basePath)) === 'gguf';
  const described = fromGguf ? await takenOver(model.basePath) : await translated(model, options.name);
  const { architecture, metadata } = described;
  metadata.set('general.file_type', gguf.uint32(FILE_TYPES[options.type]));
  metadata.set('general.quantization_version', gguf.uint32(QUANTIZATION_VERSION));
  const tensors = model.tensors.map((tensor) => source(tensor, { architecture, model, type: options.type }));
  await writeGguf(path, { metadata, tensors: [...described.tensors, ...tensors] });
  return described.notes;
}

/** Settings and tokenizer of a GGUF base, as they are. */
async function takenOver(path: string): Promise<Description> {
  const file = await GgufFile.open(path);
  try {
    const rope: GgufTensorSource[] = [];
    for (const [name, { dims }] of file.tensors) {
      if (!ROPE_TENSOR.test(name)) continue;
      const tensor = await file.readTensor(name);
      rope.push({ name, type: 'F32', dims, read: () => tensor });
    }
    const metadata = new Map(file.metadata.entries);
    return { architecture: ggufArchitecture(file.metadata), metadata, tensors: rope, notes: [] };
  } finally {
    await file.close();
  }
}

/** Settings and tokenizer of a Hugging Face folder, in llama.cpp's words. */
async function translated({ basePath, config }: MergedModel, name: string): Promise<Description> {
  const { architecture, entries, ropeDivisors } = ggufSettings(config, basePath);
  const { entries: tokenizer, notes } = await ggufTokenizer(basePath, config);
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', gguf.string(architecture)],
    ['general.type', gguf.string('model')],
    ['general.name', gguf.string(name)],
    ...entries,
    ...tokenizer,
  ]);
  const rope = ropeDivisors && { name: 'rope_freqs.weight', type: 'F32' as const, dims: ropeDivisors.dims };
  return { architecture, metadata, tensors: rope ? [{ ...rope, read: () => ropeDivisors }] : [], notes };
}

interface SourceContext {
  readonly architecture: GgufArchitecture;
  readonly model: MergedModel;
  readonly type: WritableGgmlType;
}

function source(tensor: MergedTensor, { architecture, model, type: asked }: SourceContext): GgufTensorSource {
  const name = present(ggufTensorName(architecture, tensor.name), `GGUF name of ${tensor.name}`);
  const type = storedType(asked, tensor.dims);
  return {
    name,
    type,
    dims: tensor.dims,
    read: () => {
      const values = toGgufValues(architecture, tensor.name, tensor.read(), model.config);
      if (type === 'F16') refuseTooLarge(tensor.name, values);
      return values;
    },
  };
}

/** Vectors stay exact; rows that are no whole blocks are stored as F16, as llama.cpp does it. */
function storedType(asked: WritableGgmlType, dims: readonly number[]): WritableGgmlType {
  if (dims.length < 2) return 'F32';
  return (dims.at(-1) ?? 0) % GGML_TYPES[asked].elements === 0 ? asked : 'F16';
}

function refuseTooLarge(name: string, { data }: F32Tensor): void {
  const value = data.find((element) => Math.abs(element) > F16_MAX);
  if (value === undefined) return;
  throw new ExportUnsupportedError(name, `${value} is beyond float16`, 'Export as bf16 or f32');
}

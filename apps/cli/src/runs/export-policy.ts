/** @file A trained policy in the form that others open: PEFT, Hugging Face, GGUF. */
import { writePeftFolder } from '#ml/adapters';
import { checkTensors, openCheckpoint, readModelConfig } from '#ml/checkpoint';
import { mergedModel, placeOutput, writeGgufModel, writeModelFolder, type MergedModel } from '#ml/export';
import { UsageError } from '../cli.errors.js';
import type { TrainedPolicy } from './trained-policy.js';

/** Each form with the element types it may have; the first is the usual one. */
export const EXPORT_TYPES = {
  peft: ['f32'],
  safetensors: ['f32', 'f16', 'bf16'],
  gguf: ['f16', 'q8_0', 'bf16', 'f32'],
} as const;

export type ExportFormat = keyof typeof EXPORT_TYPES;

export type ExportTarget =
  | { readonly format: 'peft' }
  | { readonly format: 'safetensors'; readonly type: (typeof EXPORT_TYPES.safetensors)[number] }
  | { readonly format: 'gguf'; readonly type: (typeof EXPORT_TYPES.gguf)[number] };

export interface ExportOptions {
  readonly out: string;
  readonly force: boolean;
}

/** Writes the policy; gives what a reader should know. */
export async function exportPolicy(
  policy: TrainedPolicy,
  target: ExportTarget,
  { out, force }: ExportOptions,
): Promise<readonly string[]> {
  switch (target.format) {
    case 'peft':
      await exportPeft(policy, { out, force });
      return [];
    case 'safetensors': {
      const model = await merged(policy);
      await placeOutput(out, { force }, (path) => writeModelFolder(path, model, { dtype: target.type }));
      return [];
    }
    case 'gguf': {
      const model = await merged(policy);
      const type = ({ f16: 'F16', q8_0: 'Q8_0', bf16: 'BF16', f32: 'F32' } as const)[target.type];
      let notes: readonly string[] = [];
      await placeOutput(out, { force }, async (path) => {
        notes = await writeGgufModel(path, model, { type, name: policy.config.name });
      });
      return notes;
    }
    default:
      return target satisfies never;
  }
}

async function exportPeft({ adapter, baseName, baseDigest, config }: TrainedPolicy, { out, force }: ExportOptions) {
  if (adapter.spec.kind === 'full') {
    throw new UsageError('This run trained every weight, which no adapter holds. Use --format safetensors or gguf');
  }
  const options = { baseModel: baseName, baseDigest, init: config.model.lora.init };
  await placeOutput(out, { force }, (path) => writePeftFolder(path, adapter, options));
}

async function merged({ adapter, basePath }: TrainedPolicy): Promise<MergedModel> {
  if (adapter.spec.kind === 'lora') return mergedModel(await openCheckpoint(basePath), adapter);
  const config = await readModelConfig(basePath);
  return mergedModel({ dir: basePath, config, tensors: checkTensors(config, adapter.tensors, 'the trained model') });
}

/**
 * @file A model as the cases need it: the policy engine that services run, and the engine without its thread for the
 * logits of every position, which no service hands out.
 */
import { present } from '#core';
import { adapterDigest, readPeftFolder, shapesOf, type Adapter } from '#ml/adapters';
import { openCheckpoint, readModelConfig, type Checkpoint } from '#ml/checkpoint';
import { EngineCore, openPolicyEngine, type PolicyEngine, type PolicyRef } from '#ml/engine';
import { ChatTokenizer } from '#ml/tokenizer';
import { join } from 'node:path';
import type { GoldenCase } from './golden-case.js';

/** Everything in float32, and weights that a case may replace: tolerances are those of the processor. */
const optionsFor = ({ executionProvider }: GoldenCase) =>
  ({ intraOpThreads: 1, executionProvider, device: { weights: 'inputs', matrixType: 'f32' } }) as const;
/** Enough for an adapter of a real model with its merged weights. */
const ADAPTER_CACHE_BYTES = 2 ** 30;

/** Opens the engine of the case's model for the time of one call. */
export async function withEngine<T>(golden: GoldenCase, use: (engine: PolicyEngine) => Promise<T>): Promise<T> {
  const modelDir = requireModelPath(golden);
  await readModelConfig(modelDir); // refuses here what the engine's thread would only refuse after its start
  const engine = await openPolicyEngine({ modelDir, adapterCacheBytes: ADAPTER_CACHE_BYTES, ...optionsFor(golden) });
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}

export async function loadCheckpoint(golden: GoldenCase): Promise<Checkpoint> {
  return openCheckpoint(requireModelPath(golden));
}

export async function loadTokenizer(golden: GoldenCase): Promise<ChatTokenizer> {
  const { vocabularySize } = await readModelConfig(requireModelPath(golden));
  return ChatTokenizer.load(requireModelPath(golden), { vocabularySize });
}

/** The case's adapter from its PEFT folder; without one, the model's own weights as a full-parameter adapter. */
export async function startingAdapter(golden: GoldenCase, { tensors }: Checkpoint): Promise<Adapter> {
  const { adapter } = golden.as<{ readonly adapter?: string | null }>();
  if (typeof adapter === 'string') return readPeftFolder(join(golden.root, adapter), shapesOf(tensors));
  return { spec: { kind: 'full' }, tensors };
}

/** The reference policy: the base under a LoRA adapter, another model's weights for full training. */
export async function referencePolicy(golden: GoldenCase, engine: PolicyEngine): Promise<PolicyRef> {
  const { adapter, reference } = golden.as<{ readonly adapter?: string | null; readonly reference: string }>();
  if (typeof adapter === 'string') return null;
  const { tensors } = await openCheckpoint(join(golden.root, reference));
  return putAdapter(engine, { spec: { kind: 'full' }, tensors });
}

export async function putAdapter(engine: PolicyEngine, adapter: Adapter) {
  const digest = adapterDigest(adapter);
  await engine.putAdapter(digest, adapter);
  return digest;
}

/** Logits after every token of every row, [tokens, V] each; with adapters, in their order, else of the base. */
export async function logitsOf(
  golden: GoldenCase,
  rows: readonly (readonly number[])[],
  adapters: readonly Adapter[] = [],
): Promise<Float32Array[][]> {
  return withEngineCore(golden, async (core) => {
    if (adapters.length === 0) return [await core.logits(rows)];
    const logits: Float32Array[][] = [];
    for (const adapter of adapters) {
      const digest = adapterDigest(adapter);
      await core.putAdapter(digest, adapter);
      logits.push(await core.logits(rows, digest));
    }
    return logits;
  });
}

/** Opens the engine without its thread for the time of one call. */
export async function withEngineCore<T>(golden: GoldenCase, use: (core: EngineCore) => Promise<T>): Promise<T> {
  const core = await EngineCore.open({ modelDir: requireModelPath(golden), ...optionsFor(golden) });
  try {
    return await use(core);
  } finally {
    await core.dispose();
  }
}

export function requireModelPath(golden: GoldenCase): string {
  return present(golden.modelPath, `model of ${golden.name}`);
}

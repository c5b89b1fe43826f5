/** @file From configuration to a loaded model, ready to compute. */
import { systemClock } from '#core';
import { readModelConfig } from '#ml/checkpoint';
import { openPolicyEngine, type DeviceProfile } from '#ml/engine';
import { resolveModel } from '#ml/hub';
import { ChatTokenizer } from '#ml/tokenizer';
import type { PolicyConfig } from './config.js';
import { ItemEncoder } from './encoding/item-encoder.js';
import type { UnitParts } from './units/unit-parts.js';
import { UnitQueue } from './units/unit-queue.js';
import { UnitRunner } from './units/unit-runner.js';

/**
 * Loads tokenizer and model; what is cheap to check comes first.
 *
 * @throws `MODEL_CONFIG_MISSING`, `TOKENIZER_INVALID` and the other refusals of `#ml/hub`, `#ml/checkpoint` and `#ml/engine`
 */
export async function startPolicy(config: PolicyConfig): Promise<UnitParts> {
  const { queueUnitsMax, unitItemsMax, samplesPerPromptMax } = config;
  const modelPath = await resolveModel(config.modelPath, {
    hub: config,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const { vocabularySize, contextTokensMax, eosTokenIds } = await readModelConfig(modelPath);
  const [eosTokenId] = eosTokenIds;
  const tokenizer = await ChatTokenizer.load(modelPath, {
    vocabularySize,
    ...(eosTokenId !== undefined && { eosTokenId }),
  });
  const engine = await openPolicyEngine({
    modelDir: modelPath,
    executionProvider: config.executionProvider,
    device: matrixTypeOf(config.deviceDtype),
    decodePrecision: config.decodePrecision,
    intraOpThreads: config.threads,
    adapterCacheBytes: config.adapterCacheBytes,
  });
  const clock = systemClock;
  return {
    engine,
    tokenizer,
    encoder: new ItemEncoder({ tokenizer, contextTokensMax }),
    runner: new UnitRunner(new UnitQueue({ unitsMax: queueUnitsMax, clock }), clock),
    clock,
    limits: { unitItemsMax, samplesPerPromptMax, contextTokensMax },
  };
}

/** `auto` leaves the choice to the execution provider. */
function matrixTypeOf(dtype: PolicyConfig['deviceDtype']): Partial<DeviceProfile> {
  const matrixTypes = { float32: 'f32', float16: 'f16', bfloat16: 'bf16' } as const;
  return dtype === 'auto' ? {} : { matrixType: matrixTypes[dtype] };
}

/**
 * @file Compares WebGPU with the processor in a process of its own, for the spec beside this: the loader of shared
 * libraries reads its path when a process starts.
 *
 * Prints one line of JSON.
 */
import { present } from '#core';
import { maxAbsDifference } from '../golden-support.js';
import { openPolicyEngine, type GenerateUnit, type PolicyEngine } from '../index.js';
import {
  adapterCacheBytes,
  collect,
  generateUnit,
  gradientUnit,
  modelDir,
  put,
  randomLora,
  rows,
  sumsOf,
} from '../policy-engine-support.js';

export interface DeviceComparison {
  /** Largest difference of sums of log-probabilities, nats. */
  readonly sums: number;
  /** Largest difference of a gradient's elements, relative to the largest of their tensor. */
  readonly gradients: number;
  /** Samples with other tokens, and all. */
  readonly differing: number;
  readonly samples: number;
}

async function compare(): Promise<DeviceComparison> {
  const processor = await openPolicyEngine({ modelDir, adapterCacheBytes });
  const device = await openPolicyEngine({ modelDir, adapterCacheBytes, executionProvider: 'webgpu' });
  const lora = randomLora(processor, 3);
  const adapter = await put(processor, lora);
  await put(device, lora);
  const short = rows.slice(0, 2);
  const sums = maxAbsDifference(
    (await sumsOf(device, adapter, short)).flat(),
    (await sumsOf(processor, adapter, short)).flat(),
  );
  const { sampling } = generateUnit();
  const unit = generateUnit({ policy: adapter, sampling: { ...sampling, topK: 40, topP: 0.9, maxNewTokens: 6 } });
  const [expected, got] = [await tokensOf(processor, unit), await tokensOf(device, unit)];
  const comparison = {
    sums,
    gradients: await gradientDifference(processor, device, gradientUnit(adapter)),
    differing: got.filter((tokens, index) => tokens !== expected[index]).length,
    samples: expected.length,
  };
  await processor.dispose();
  await device.dispose();
  return comparison;
}

async function gradientDifference(
  processor: PolicyEngine,
  device: PolicyEngine,
  unit: ReturnType<typeof gradientUnit>,
): Promise<number> {
  const { gradients: expected } = await processor.gradient(unit);
  const { gradients: got } = await device.gradient(unit);
  let worst = 0;
  for (const [name, { data }] of expected) {
    const largest = data.reduce((most, element) => Math.max(most, Math.abs(element)), 1e-12);
    worst = Math.max(worst, maxAbsDifference(present(got.get(name), name).data, data) / largest);
  }
  return worst;
}

async function tokensOf(engine: PolicyEngine, unit: GenerateUnit): Promise<string[]> {
  return (await collect(engine, unit)).map(({ tokenIds }) => tokenIds.join());
}

console.log(JSON.stringify(await compare()));

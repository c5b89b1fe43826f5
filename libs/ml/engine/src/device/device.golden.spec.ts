/**
 * @file The engine as devices get it, run on the processor: resident weights, adapters beside them, generation as one
 * run. What it computes is what the processor's own layout computes.
 */
import { deepEqual, ok, rejects } from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { adapterDigest, type Adapter } from '#ml/adapters';
import { f32Tensor, present, type Digest } from '#core';
import { probeExecutionProviders } from '#ml/runtime';
import { SKIP_WITHOUT_GOLDEN as skip, goldenPath, maxAbsDifference } from '../golden-support.js';
import { openPolicyEngine, type GenerateUnit, type PolicyEngine } from '../index.js';
import { collect, generateUnit, gradientUnit, put, randomLora, rows, sumsOf } from '../policy-engine-support.js';
import type { DeviceProfile } from './device-profile.js';

const resident: Partial<DeviceProfile> = { weights: 'initializers', generation: 'loop' };
const adapterCacheBytes = 64 * 2 ** 20;

for (const model of ['llama-tied', 'llama-rope3', 'qwen2']) {
  describe(`a device's layout of the golden model ${model}`, { skip }, () => {
    let plain: PolicyEngine;
    let device: PolicyEngine;
    let adapter: Digest;

    before(async () => {
      const modelDir = goldenPath('models', model);
      plain = await openPolicyEngine({ modelDir, adapterCacheBytes });
      device = await openPolicyEngine({ modelDir, adapterCacheBytes, device: resident });
      const lora = randomLora(plain, 3);
      adapter = await put(plain, lora);
      await put(device, lora);
    });

    after(async () => {
      await plain.dispose();
      await device.dispose();
    });

    it('scores the base and an adapter alike', async () => {
      for (const policy of [null, adapter]) {
        const expected = (await sumsOf(plain, policy, rows)).flat();
        const difference = maxAbsDifference((await sumsOf(device, policy, rows)).flat(), expected);
        ok(difference < 2e-4, `${policy === null ? 'base' : 'adapter'}: sums off by ${difference}`);
      }
    });

    it('has the gradients of merged weights', async () => {
      const expected = await plain.gradient(gradientUnit(adapter));
      const got = await device.gradient(gradientUnit(adapter));
      ok(Math.abs(got.lossSum - expected.lossSum) < 1e-4);
      for (const [name, { data }] of expected.gradients) {
        const largest = data.reduce((most, element) => Math.max(most, Math.abs(element)), 0);
        const difference = maxAbsDifference(present(got.gradients.get(name), name).data, data);
        ok(difference <= 1e-3 * largest + 1e-7, `${name}: off by ${difference} of ${largest}`);
      }
    });

    const settings: readonly (readonly [string, Partial<GenerateUnit['sampling']>])[] = [
      ['as they are', {}],
      ['greedily', { temperature: 0 }],
      ['cold', { temperature: 0.5 }],
      ['hot', { temperature: 1.7 }],
      ['from the top 5', { topK: 5 }],
      ['from a nucleus', { topP: 0.7 }],
      ['from a nucleus of the top 20, warm', { temperature: 1.2, topK: 20, topP: 0.9 }],
      ['one token', { maxNewTokens: 1 }],
    ];
    for (const [name, changes] of settings) {
      it(`draws the tokens that steps draw: ${name}`, async () => {
        for (const policy of [null, adapter]) {
          const { sampling } = generateUnit();
          const unit = generateUnit({ policy, samplesPerPrompt: 4, sampling: { ...sampling, ...changes } });
          const expected = await collect(plain, unit);
          const got = await collect(device, unit);
          deepEqual(
            got.map(({ tokenIds, finishReason }) => ({ tokenIds, finishReason })),
            expected.map(({ tokenIds, finishReason }) => ({ tokenIds, finishReason })),
          );
          const sums = maxAbsDifference(
            got.map(({ logProbSum }) => logProbSum),
            expected.map(({ logProbSum }) => logProbSum),
          );
          ok(sums < 2e-4, `log-probabilities off by ${sums}`);
        }
      });
    }

    it('ends samples at the same stop texts', async () => {
      const { sampling } = generateUnit();
      const [first] = await collect(plain, generateUnit());
      ok(first && first.tokenIds.length > 0);
      const unit = generateUnit({ sampling: { ...sampling, stop: ['a', 'e', 't'] } });
      deepEqual(
        (await collect(device, unit)).map(({ tokenIds, finishReason }) => ({ tokenIds, finishReason })),
        (await collect(plain, unit)).map(({ tokenIds, finishReason }) => ({ tokenIds, finishReason })),
      );
    });

    it('refuses an adapter that replaces weights', async () => {
      const tensors = new Map(
        plain.description.baseTensors.map(({ name, dims }) => [
          name,
          f32Tensor(dims, new Float32Array(dims.reduce((product, size) => product * size, 1))),
        ]),
      );
      const full: Adapter = { spec: { kind: 'full' }, tensors };
      await rejects(device.putAdapter(adapterDigest(full), full), { code: 'ADAPTER_UNSUPPORTED_ON_DEVICE' });
    });
  });
}

describe('a provider that is not here', { skip }, () => {
  it('is named when the engine is opened', async () => {
    const statuses = await probeExecutionProviders();
    const absent = statuses.find(({ name, problem }) => name === 'cuda' && problem !== null)?.name ?? 'nonesuch';
    const opening = openPolicyEngine({
      modelDir: goldenPath('models', 'llama-tied'),
      adapterCacheBytes,
      executionProvider: absent,
    });
    await rejects(opening, { code: 'EXECUTION_PROVIDER_UNAVAILABLE' });
  });
});

describe('matrices in half precision', { skip }, () => {
  it('score close to float32, and keep the direction of gradients', async () => {
    const modelDir = goldenPath('models', 'llama-tied');
    const plain = await openPolicyEngine({ modelDir, adapterCacheBytes });
    const half = await openPolicyEngine({ modelDir, adapterCacheBytes, device: { ...resident, matrixType: 'f16' } });
    const lora = randomLora(plain, 3);
    const adapter = await put(plain, lora);
    await put(half, lora);
    const expected = (await sumsOf(plain, adapter, rows)).flat();
    const difference = maxAbsDifference((await sumsOf(half, adapter, rows)).flat(), expected);
    ok(difference < 5e-2, `sums off by ${difference}`);
    const exact = await plain.gradient(gradientUnit(adapter));
    const rounded = await half.gradient(gradientUnit(adapter));
    let [dot, a, b] = [0, 0, 0];
    for (const [name, { data }] of exact.gradients) {
      present(rounded.gradients.get(name), name).data.forEach((element, index) => {
        const other = present(data[index], 'element');
        dot += element * other;
        a += element * element;
        b += other * other;
      });
    }
    const cosine = dot / Math.sqrt(a * b);
    ok(cosine > 0.999, `cosine of the gradients ${cosine}`);
    await plain.dispose();
    await half.dispose();
  });
});

import { describe, it } from 'node:test';
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { present, type Digest } from '#core';
import { adapterDigest } from '#ml/adapters';
import { SKIP_WITHOUT_GOLDEN as skip, goldenPath } from './golden-support.js';
import { startEngineThread } from './open-policy-engine.js';
import { adapterCacheBytes, modelDir, put, randomLora, rows, sumsOf } from './policy-engine-support.js';
import { ThreadedPolicyEngine } from './threaded-policy-engine.js';
import { openPolicyEngine } from './index.js';

describe('the memory for adapters', { skip }, () => {
  it('evicts the least recently used, but not from units under way', async () => {
    const measuring = await openPolicyEngine({ modelDir, adapterCacheBytes });
    const adapters = [1, 2, 3].map((seed) => randomLora(measuring, seed));
    const [one] = adapters;
    const size = (await measuring.putAdapter(adapterDigest(present(one, 'adapter')), present(one, 'adapter')))
      .residentBytes;
    await measuring.dispose();

    const engine = await openPolicyEngine({ modelDir, adapterCacheBytes: 2 * size });
    try {
      const digests: Digest[] = [];
      for (const adapter of adapters.slice(0, 2)) digests.push(await put(engine, adapter));
      const [first, second] = digests as [Digest, Digest];
      const underWay = sumsOf(engine, second, rows);
      await sumsOf(engine, first, rows.slice(0, 1));
      const third = await put(engine, present(adapters[2], 'adapter'));
      deepEqual(
        engine.listAdapters().map(({ digest }) => digest),
        [third, first],
      );
      await rejects(sumsOf(engine, second, rows), { code: 'ADAPTER_NOT_RESIDENT' });
      equal((await underWay).length, rows.length);
      equal(await engine.dropAdapter(first), true);
      equal(await engine.dropAdapter(first), false);
    } finally {
      await engine.dispose();
    }
  });

  it('refuses an adapter larger than all of it', async () => {
    const engine = await openPolicyEngine({ modelDir, adapterCacheBytes: 1000 });
    await rejects(put(engine, randomLora(engine, 1)), { code: 'ADAPTER_TOO_LARGE' });
    await engine.dispose();
  });
});

describe("the engine's thread", { skip }, () => {
  it('rejects what waits when it dies', async () => {
    const worker = startEngineThread({ modelDir });
    const engine = await ThreadedPolicyEngine.start(worker, { adapterCacheBytes });
    const waiting = sumsOf(engine, null, rows);
    const rejected = rejects(waiting, { code: 'ENGINE_FAILED' });
    await worker.terminate();
    await rejected;
    await rejects(sumsOf(engine, null, rows), { code: 'ENGINE_FAILED' });
    await engine.dispose();
  });

  it('rejects what waits when it is disposed, and can be disposed twice', async () => {
    const engine = await openPolicyEngine({ modelDir, adapterCacheBytes });
    const rejected = rejects(sumsOf(engine, null, rows), { code: 'ENGINE_DISPOSED' });
    await engine.dispose();
    await rejected;
    await engine.dispose();
    await rejects(sumsOf(engine, null, rows), { code: 'ENGINE_DISPOSED' });
  });

  it('says why a model cannot be opened', async () => {
    await rejects(openPolicyEngine({ modelDir: goldenPath('models', 'none'), adapterCacheBytes }), {
      code: 'MODEL_CONFIG_MISSING',
    });
    await rejects(openPolicyEngine({ modelDir, adapterCacheBytes, executionProvider: 'abacus' }), {
      code: 'EXECUTION_PROVIDER_UNAVAILABLE',
    });
    await rejects(openPolicyEngine({ modelDir: goldenPath('models', 'reward-bert'), adapterCacheBytes }), {
      code: 'ARCHITECTURE_UNSUPPORTED',
    });
  });
});

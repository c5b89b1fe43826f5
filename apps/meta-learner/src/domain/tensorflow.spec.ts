/** @file The choice of the TensorFlow.js backend. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { BACKEND_NAMES, loadTensorFlow } from './tensorflow.js';

describe('loading TensorFlow.js', () => {
  it('takes the fastest backend that loads and says why it passed over the others', async () => {
    const { backend, passedOver } = await loadTensorFlow('auto');
    assert.equal(passedOver.length, BACKEND_NAMES.indexOf(backend));
    passedOver.forEach((reason, i) => assert.ok(reason.startsWith(`${BACKEND_NAMES[i]}: `), reason));
  });

  it('refuses a backend that was asked for by name and is not there', async (context) => {
    const { passedOver } = await loadTensorFlow('auto');
    if (passedOver.length === 0) return context.skip('the GPU backend is installed here');
    await assert.rejects(loadTensorFlow('tensorflow-gpu'), {
      code: 'TENSORFLOW_UNAVAILABLE',
      message: /tensorflow-gpu/,
    });
  });

  it('prints nothing, neither while loading nor at the first operation', () => {
    const script = `const { loadTensorFlow, MetaLearner, DEFAULT_SETTINGS } = await import(process.argv[1]);
      const { tf } = await loadTensorFlow('cpu');
      MetaLearner.start(tf, DEFAULT_SETTINGS).weights(Float32Array.of(-1));`;
    const entry = new URL('./index.js', import.meta.url).href;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script, entry], { encoding: 'utf8' });
    assert.deepEqual([child.status, child.stdout, child.stderr], [0, '', '']);
  });
});

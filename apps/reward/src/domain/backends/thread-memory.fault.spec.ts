/** @file Modules that take memory without end, in the heap or beside it: each loses its thread and its response, no more. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '#core';
import { messageOf, opened, requestOf, summary } from '../../testing/judges.js';
import { moduleFile } from '../../testing/reward-modules.js';

/** Keeps whatever it takes; other texts are worth their length. */
const GREEDY_MODULE = `
  const kept = [];
  export async function score({ response }) {
    switch (response) {
      case 'heap': for (;;) kept.push(Array.from({ length: 1e5 }, (_, i) => ({ i })));
      case 'buffers': for (;;) kept.push(Buffer.alloc(2 ** 22, 1));
      case 'buffers, politely': for (;;) { kept.push(Buffer.alloc(2 ** 22, 1)); await new Promise(setImmediate); }
      default: return response.length;
    }
  }`;

const context = { clock: systemClock, timeoutMs: 60_000, loadTimeoutMs: 60_000 };

describe('a module that takes memory without end', () => {
  for (const [greed, reason] of [
    ['heap', /memory/i],
    ['buffers', /MiB of buffers, and may hold 64 \("memory_mib"\)/],
    ['buffers, politely', /MiB of buffers, and may hold 64/],
  ] as const) {
    it(`(${greed}) loses its thread, and the next response gets another`, async () => {
      const spec = { backend: 'module', path: moduleFile(GREEDY_MODULE), memory_mib: 64 } as const;
      const { score } = await opened(spec, context);
      const outcomes = await score(['x', greed, 'xx'].map((text) => requestOf(text)));
      assert.deepEqual(summary(outcomes), [1, 'REWARD_BACKEND_FAILED', 2]);
      assert.match(messageOf(outcomes[1]), reason);
    });
  }

  it('while it is loaded is refused', async () => {
    const path = moduleFile(
      'const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 22, 1)); export const score = () => 0;',
    );
    await assert.rejects(opened({ backend: 'module', path, memory_mib: 64 }, context), {
      code: 'REWARD_MODEL_BROKEN',
      message: /MiB of buffers/,
    });
  });
});

/** @file Ensembles: how scores are combined, and what a member's failure does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '#core';
import { registryOf } from '../../testing/lifecycle-of.js';
import { MOODY_MODULE, moduleFile } from '../../testing/reward-modules.js';
import type { ScoreOutcome } from '../reward-backend.js';
import { startBackend, type BackendSpec } from './backend-kinds.js';

const moody = moduleFile(MOODY_MODULE);
const members = [
  { name: 'short', model: { backend: 'length', unit: 'characters', target: 0 }, mean: -2, std: 2 },
  { name: 'moody', model: { backend: 'module', path: moody }, weight: 3, mean: 1, std: 0.5 },
] as const;

async function scored(spec: Partial<BackendSpec>, texts: readonly string[]) {
  const context = { rewardModel: 'all', timeoutMs: 60_000, loadTimeoutMs: 60_000, clock: systemClock };
  const backend = await startBackend({ backend: 'ensemble', members, ...spec } as BackendSpec, context);
  const started: number[] = [];
  try {
    const requests = texts.map((response) => ({ prompt: { messages: [], text: '' }, response, truncated: false }));
    const options = { signal: new AbortController().signal, onStart: (index: number) => started.push(index) };
    return { outcomes: await backend.score(requests, options), started, description: backend.describe() };
  } finally {
    await backend.close();
  }
}

const values = (outcomes: readonly ScoreOutcome[]): unknown[] =>
  outcomes.map((outcome) => (outcome.ok ? outcome.score : outcome.error.code));

describe('an ensemble', () => {
  // 'xx' is worth −2 and 2: z = 0 and 2; 'xxxx' is worth −4 and 4: z = −1 and 6
  it('adds standardised scores by weight, takes the lowest, or charges for disagreement', async () => {
    assert.deepEqual(values((await scored({}, ['xx', 'xxxx'])).outcomes), [6, 17]);
    assert.deepEqual(values((await scored({ combine: 'minimum' } as never, ['xx', 'xxxx'])).outcomes), [0, -1]);
    const charged = await scored({ combine: 'mean_minus_std', lambda: 2 } as never, ['xx', 'xxxx']);
    assert.deepEqual(values(charged.outcomes), [1 - 2 * 1, 2.5 - 2 * 3.5]);
  });

  it("tells each member's own score, and counts a response as paid once", async () => {
    const { outcomes, started } = await scored({}, ['xx', 'xxxx']);
    assert.ok(outcomes[0]?.ok);
    assert.deepEqual(outcomes[0].components, { short: -2, moody: 2 });
    assert.deepEqual(new Set(started), new Set([0, 1]));
    assert.equal(started.length, 2);
  });

  it('has no score where a member has none, and neighbours keep theirs', async () => {
    assert.deepEqual(values((await scored({}, ['throw', 'xx'])).outcomes), ['REWARD_BACKEND_FAILED', 6]);
    assert.deepEqual(values((await scored({}, ['nan'])).outcomes), [NaN], 'refused by the annotator');
  });

  it('has a digest that covers members and settings', async () => {
    const specs = [{}, { combine: 'minimum' }, { members: members.slice(0, 1) }, { members: members.toReversed() }];
    const digests: string[] = [];
    for (const spec of specs) digests.push((await scored(spec as never, [])).description.weightsDigest);
    assert.equal(new Set(digests).size, specs.length);
  });

  it('with a broken member does not start, and says which', async () => {
    const broken = { name: 'bad', model: { backend: 'module', path: '/nowhere.mjs' } } as const;
    await assert.rejects(registryOf({ all: { backend: 'ensemble', members: [...members, broken] } }), {
      code: 'REWARD_MODEL_BROKEN',
      message: /all\/bad/,
    });
  });
});

/** @file Modules that hang, block, die or change: each costs its own response and nothing else. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, describe, it, mock } from 'node:test';
import { systemClock } from '#core';
import { MOODY_MODULE, moduleFile } from '../../testing/reward-modules.js';
import type { ScoreOutcome } from '../reward-backend.js';
import { ThreadBackend, type ThreadBackendOptions } from './thread-backend.js';

/** Long enough for a thread to answer on a busy machine, short enough to wait for. */
const TIMEOUT_MS = 1000;

async function backendOf(source: string, options: Partial<ThreadBackendOptions> = {}) {
  const path = moduleFile(source);
  const backend = await ThreadBackend.start({
    rewardModel: 'moody',
    spec: { backend: 'module', path },
    threadCount: 1,
    timeoutMs: TIMEOUT_MS,
    loadTimeoutMs: 60_000,
    clock: systemClock,
    ...options,
  });
  after(() => backend.close());
  const score = async (texts: readonly string[], signal = new AbortController().signal) =>
    backend.score(
      texts.map((response) => ({ prompt: { messages: [], text: '' }, response, truncated: false })),
      { signal, onStart: () => {} },
    );
  return { backend, path, score };
}

const summary = (outcomes: readonly ScoreOutcome[]): unknown[] =>
  outcomes.map((outcome) => (outcome.ok ? outcome.score : outcome.error.code));

describe('a module in its thread', () => {
  it('that never answers times out, and the responses behind it are scored', async () => {
    const { score } = await backendOf(MOODY_MODULE);
    assert.deepEqual(summary(await score(['x', 'hang', 'xx'])), [1, 'REWARD_BACKEND_TIMEOUT', 2]);
  });

  it('that blocks its thread times out, while the service goes on answering', async () => {
    const [{ score }, neighbour] = await Promise.all([backendOf(MOODY_MODULE), backendOf(MOODY_MODULE)]);
    const blocked = score(['block', 'xx']);
    assert.deepEqual(summary(await neighbour.score(['xxx'])), [3]);
    assert.deepEqual(summary(await blocked), ['REWARD_BACKEND_TIMEOUT', 2]);
  });

  it('that ends its process or throws where nobody listens fails one response', async () => {
    const { score } = await backendOf(`
      export function score({ response }) {
        if (response === 'exit') process.exit(3);
        if (response === 'stray') return new Promise(() => setTimeout(() => { throw new Error('stray'); }, 0));
        return response.length;
      }`);
    const outcomes = await score(['exit', 'x', 'stray', 'xx']);
    assert.deepEqual(summary(outcomes), ['REWARD_BACKEND_FAILED', 1, 'REWARD_BACKEND_FAILED', 2]);
    assert.match(String(!outcomes[2]!.ok && outcomes[2]!.error.message), /thread died: stray/);
  });

  it('hears the abort of a caller that leaves, and serves the next one', async () => {
    const { score } = await backendOf(MOODY_MODULE, { timeoutMs: 600_000 });
    const leave = new AbortController();
    const left = score(['hang until aborted', 'x', 'x'], leave.signal);
    leave.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(left, { name: 'AbortError' });
    assert.deepEqual(summary(await score(['xx'])), [2]);
  });

  it('whose file changed is not served under the old digest after a restart', async () => {
    const { path, score } = await backendOf(MOODY_MODULE);
    writeFileSync(path, 'export const score = () => 99;');
    assert.deepEqual(summary(await score(['x'])), [1], 'the loaded code is still the old one');
    assert.deepEqual(summary(await score(['exit', 'x'])), ['REWARD_BACKEND_FAILED', 'REWARD_BACKEND_FAILED']);
  });

  it("keeps its output off the service's stdout, and its scores apart over several threads", async () => {
    const source = `export async function score({ response }) {
      if (response === 'x') console.log('printed by a reward module'); await new Promise(setImmediate); return response.length; }`;
    const { score } = await backendOf(source, { threadCount: 3 });
    const texts = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i + 1));
    const printed = Promise.withResolvers<string>();
    const listen = (stream: 'stdout' | 'stderr') => {
      const write = process[stream].write.bind(process[stream]);
      return mock.method(process[stream], 'write', ((...args: Parameters<typeof write>) => {
        if (String(args[0]).includes('printed by a reward module')) printed.resolve(stream);
        return write(...args);
      }) as typeof write);
    };
    const listening = [listen('stdout'), listen('stderr')];
    assert.deepEqual(
      summary(await score(texts)),
      texts.map((text) => text.length),
    );
    assert.equal(await printed.promise, 'stderr');
    for (const { mock: listener } of listening) listener.restore();
  });

  it('that returns something else than a score is told what it returned', async () => {
    const { score } = await backendOf(
      "export const score = ({ response }) => JSON.parse(response, (key, value) => (value === 'none' ? undefined : value));",
    );
    const returned = [
      '"3"',
      '"none"',
      '[]',
      '{"score":"3"}',
      '{"score":3,"components":7}',
      '{"score":3,"components":{"a":[]}}',
    ];
    const outcomes = await score(returned);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.ok ? outcome.score : /but (.*)\. Mend/.exec(outcome.error.message)?.[1])),
      [
        'it returned a string instead of a number or { score, components }',
        'it returned undefined instead of a number or { score, components }',
        'it returned an object instead of a number or { score, components }',
        'its "score" is a string, not a number',
        'its "components" are a number, not an object',
        'its component "a" is an object, not a number',
      ],
    );
  });

  it('has a digest that covers its bytes and tells its bounds', async () => {
    const bounded = 'export const scoreMin = -2; export const scoreMax = 2; export const score = () => 0;';
    const [a, b, c] = await Promise.all([backendOf(bounded), backendOf(bounded), backendOf(`${bounded} `)]);
    const [first, same, other] = [a, b, c].map(({ backend }) => backend.describe());
    assert.equal(first!.weightsDigest, same!.weightsDigest);
    assert.notEqual(first!.weightsDigest, other!.weightsDigest);
    assert.deepEqual([first!.scoreMin, first!.scoreMax, first!.kind], [-2, 2, 'module']);
  });
});

const MINDED = 'export const score = () => 0; export const ';

describe('a module that is not one', () => {
  for (const [fault, source, message, loadTimeoutMs = 60_000] of [
    ['does not parse', 'export function score( {', /\.mjs, or what it imports, does not parse: Unexpected/],
    ['throws while loading', "throw new Error('no key');", /no key/],
    ['exports no score', 'export const scores = 1;', /exports no function "score" but scores/],
    ['exports a score that is no function', 'export const score = 1;', /export "score" is a number, not a function/],
    [
      'has bounds the wrong way round',
      MINDED + 'scoreMin = 2, scoreMax = 1;',
      /"scoreMin" of 2 is above its "scoreMax" of 1/,
    ],
    ['has a bound that is not a number', "export const score = () => 0; export const scoreMin = 'low';", /scoreMin/],
    [
      'never finishes loading',
      'await new Promise(() => {}); export const score = () => 0;',
      /"await" at its top level/,
    ],
    ['blocks while loading', 'for (;;); export const score = () => 0;', /took over 300 ms/, 300],
  ] as const) {
    it(`that ${fault} is refused at start`, async () => {
      await assert.rejects(backendOf(source, { loadTimeoutMs }), { code: 'REWARD_MODEL_BROKEN', message });
    });
  }
});

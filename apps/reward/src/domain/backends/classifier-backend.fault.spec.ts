/** @file Classifiers that hang, die or change, and callers that leave: each costs its own responses and nothing else. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { systemClock, type Clock } from '#core';
import { TINY_TEMPLATE, writeTinyLmClassifier } from '#ml/reward-models';
import { lmFolder, onnxFolder } from '../../testing/classifier-folders.js';
import type { ScoreOutcome } from '../reward-backend.js';
import { ClassifierBackend, type ClassifierBackendOptions } from './classifier-backend.js';
import type { ClassifierBackendSpec } from './classifier-spec.js';

/** Long enough for a step on a busy machine, short enough to wait for. */
const TIMEOUT_MS = 3000;

/** A template that would never end on one response, and throws on another. Its bound is far beyond a millisecond. */
const MOODY_TEMPLATE = `
{%- if messages[-1].content == 'throw' -%}{{- raise_exception('not today') -}}{%- endif -%}
{%- if messages[-1].content == 'hang' -%}
  {%- for a in range(9999) -%}{%- for b in range(9999) -%}{%- for c in range(9999) -%}{%- endfor -%}{%- endfor -%}{%- endfor -%}
{%- endif -%}${TINY_TEMPLATE}`;

async function backendOf(spec: ClassifierBackendSpec, options: Partial<ClassifierBackendOptions> = {}) {
  const limits = { timeoutMs: TIMEOUT_MS, loadTimeoutMs: 60_000 };
  const backend = await ClassifierBackend.start({
    rewardModel: 'judge',
    spec,
    ...limits,
    clock: systemClock,
    ...options,
  });
  after(() => backend.close());
  const started: number[] = [];
  const score = async (texts: readonly string[], signal = new AbortController().signal) =>
    backend.score(
      texts.map((response) => ({ prompt: { messages: [], text: 'Hi' }, response, truncated: false })),
      { signal, onStart: (index) => started.push(index) },
    );
  return { backend, score, started };
}

const moody = async (options: Partial<ClassifierBackendOptions> = {}) =>
  backendOf({ backend: 'lm-classifier', path: await lmFolder({ template: MOODY_TEMPLATE }) }, options);

/** Finds that steps took too long as soon as they have begun; counted are the waits for a thread to say something. */
function hastyClock(...overdue: readonly number[]): Clock {
  let watches = 0; // the first waits for the step to begin
  const sleep: Clock['sleep'] = async (ms, signal) => {
    if (ms === TIMEOUT_MS && overdue.includes(++watches)) return;
    await systemClock.sleep(ms, signal);
  };
  return { nowMs: () => systemClock.nowMs(), monotonicMs: () => systemClock.monotonicMs(), sleep };
}

/** Codes of what failed; the kind of what did not. */
const summary = (outcomes: readonly ScoreOutcome[]): string[] =>
  outcomes.map((outcome) => (outcome.ok ? typeof outcome.score : outcome.error.code));

describe('a classifier in its thread', () => {
  it('scores a call, tells what costs, and what it is', async () => {
    const { backend, score, started } = await moody();
    assert.deepEqual(summary(await score(['a', 'throw', 'b'.repeat(99), 'c'])), [
      'number',
      'CHAT_TEMPLATE_FAILED',
      'REWARD_INPUT_TOO_LONG',
      'number',
    ]);
    assert.deepEqual(new Set(started), new Set([0, 3]), 'what was refused cost nothing');
    const { weightsDigest, tokenizerDigest, templateDigest, ...rest } = backend.describe();
    for (const digest of [weightsDigest, tokenizerDigest, templateDigest]) assert.match(String(digest), /^sha256:/);
    assert.deepEqual(rest, {
      kind: 'lm-classifier',
      executionProvider: 'cpu',
      dtype: 'float32',
      truncation: 'refuse',
    });
  });

  it('gives a response the same bits alone and among others, of its call and of other calls', async () => {
    const texts = ['a', 'bbb', 'cc', 'x'.repeat(20)];
    for (const batching of [{}, { mode: 'per_call' }, { tokensMax: 16 }, { waitMs: 20 }] as const) {
      const { score } = await moody({ batching });
      const alone = (await Promise.all(texts.map((text) => score([text])))).flat();
      const crowd = await Promise.all([score(['x', 'yyyyyyyy']), score(texts), score(['z']), score(texts)]);
      assert.deepEqual([crowd[1], crowd[3]], [alone, alone]);
    }
  });

  it('that would never end on a response refuses it, and the others are scored', async () => {
    const { score } = await moody({ timeoutMs: 60_000 });
    const [hanging, next] = await Promise.all([score(['a', 'hang', 'b']), score(['c'])]);
    assert.deepEqual(summary(hanging), ['number', 'CHAT_TEMPLATE_UNBOUNDED', 'number']);
    assert.deepEqual(summary(next), ['number']);
  });

  it('that takes longer on a response than it may times out on it', async () => {
    const { score } = await moody({ clock: hastyClock(2) });
    assert.deepEqual(summary(await score(['hang'])), ['REWARD_BACKEND_TIMEOUT']);
    assert.deepEqual(summary(await score(['a'])), ['number'], 'a new thread takes the next');
  });

  it('that takes too long on several at once tries each alone, and times out on the one that is to blame', async () => {
    const { score } = await moody({ clock: hastyClock(2, 4) });
    assert.deepEqual(summary(await score(['hang', 'a', 'b'])), ['REWARD_BACKEND_TIMEOUT', 'number', 'number']);
  });

  it('is left by a caller at once, who waits or is served, and serves the next', async () => {
    const { score } = await moody({ timeoutMs: 2000 });
    const [served, waiting] = [new AbortController(), new AbortController()];
    const calls = [score(['hang'], served.signal), score(['a'], waiting.signal), score(['b'])];
    for (const controller of [waiting, served]) controller.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(calls[0]!, { name: 'AbortError' });
    await assert.rejects(calls[1]!, { name: 'AbortError' });
    assert.deepEqual(summary(await calls[2]!), ['number']);
  });

  it('whose files changed is not served under the old digest after its thread ended', async () => {
    const path = await lmFolder({ template: MOODY_TEMPLATE });
    const { score } = await backendOf({ backend: 'lm-classifier', path }, { clock: hastyClock(2) });
    await writeTinyLmClassifier(path, { template: MOODY_TEMPLATE, seed: 2 });
    assert.deepEqual(summary(await score(['hang'])), ['REWARD_BACKEND_TIMEOUT']);
    const [outcome] = await score(['a']);
    assert.ok(outcome && !outcome.ok && outcome.error.code === 'REWARD_BACKEND_FAILED');
    assert.match(outcome.error.message, /files changed/);
  });

  it('that cannot be loaded is refused with the reason', async () => {
    const missing = backendOf({ backend: 'onnx-classifier', path: '/nowhere/at/all' });
    await assert.rejects(missing, { code: 'REWARD_MODEL_BROKEN', message: /CLASSIFIER_INVALID.*model\.onnx/ });
    const labels = await lmFolder({ config: { id2label: { 0: 'bad', 1: 'good' } } });
    const unchosen = backendOf({ backend: 'lm-classifier', path: labels });
    await assert.rejects(unchosen, { code: 'REWARD_MODEL_BROKEN', message: /LABEL_NOT_CHOSEN.*bad, good/ });
    const slow = moody({ loadTimeoutMs: 1 });
    await assert.rejects(slow, { code: 'REWARD_MODEL_BROKEN', message: /took over 1 ms/ });
  });

  it('may be an exported one, with its bounds and what it cut off', async () => {
    const spec = {
      backend: 'onnx-classifier',
      path: await onnxFolder(),
      activation: 'sigmoid',
      truncation: 'left',
    } as const;
    const { backend, score } = await backendOf(spec);
    const [outcome] = await score(['b'.repeat(40)]);
    assert.ok(outcome?.ok && outcome.score >= 0 && outcome.score <= 1);
    assert.equal(outcome.components['truncated_tokens'], 13);
    const { kind, scoreMin, scoreMax, templateDigest } = backend.describe();
    assert.deepEqual([kind, scoreMin, scoreMax, templateDigest], ['onnx-classifier', 0, 1, undefined]);
  });
});

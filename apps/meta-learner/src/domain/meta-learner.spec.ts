/** @file Tests (g) and (k) of the algorithm, and that nothing leaks: what training makes of h_φ. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rng } from '#core';
import { MetaLearner } from './meta-learner.js';
import type { MetaBuffer } from './meta-objective.js';
import { DEFAULT_SETTINGS, PARAMETER_NAMES, type Phi } from './phi.js';
import { loadTensorFlow } from './tensorflow.js';

const { tf } = await loadTensorFlow('cpu');

/** ℓ_off spread over [−3, 0] and s = ℓ_off; ℓ_on is `crossing` on average, whatever ℓ_off is. */
function crossingBuffer(crossing: number, seed: number): MetaBuffer {
  const rng = new Rng('crossing buffer', seed);
  const scores = Float32Array.from({ length: 64 }, () => -3 * rng.uniform());
  return { scores, ellOff: scores, ellOn: scores.map(() => crossing + 0.2 * rng.normal()) };
}

function train(learner: MetaLearner, stepCount: number, bufferOfStep: (step: number) => MetaBuffer): MetaLearner {
  let current = learner;
  for (let step = 0; step < stepCount; step++) current = current.step(bufferOfStep(step)).learner;
  return current;
}

describe('a trained meta-learner', () => {
  it('(g) has identical hidden units for ever after a constant start, and different ones after a random start', () => {
    const trained = (init: 'constant' | 'random') =>
      train(MetaLearner.start(tf, { ...DEFAULT_SETTINGS, init, initSeed: 1n }), 30, (step) => crossingBuffer(-1, step));
    const constant = trained('constant').state.parameters;
    for (const name of ['W1', 'b1', 'W2'] as const) {
      assert.equal(new Set(constant[name]).size, 1, `${name} has spread`);
      assert.notEqual(constant[name][0], name === 'b1' ? 0 : Math.fround(0.1));
    }
    assert.equal(new Set(trained('random').state.parameters.W1).size, 100);
  });

  it('(k) becomes a step at the score where online and offline break even', () => {
    const crossing = -1.2;
    const learner = train(MetaLearner.start(tf, DEFAULT_SETTINGS), 400, (step) => crossingBuffer(crossing, step));
    const [low, below, above, high] = learner.weights(
      Float32Array.of(-3, crossing - 0.4, crossing + 0.4, 0),
    ) as unknown as [number, number, number, number];
    assert.ok(low < 0.02 && high > 0.98, `ends at ${low} and ${high}`);
    assert.ok(below < 0.3 && above > 0.7, `beside the crossing ${below} and ${above}`);
  });

  it('leaves the learner it was made from as it was', () => {
    const learner = MetaLearner.start(tf, DEFAULT_SETTINGS);
    const before = copyOf(learner.state.parameters);
    learner.step(crossingBuffer(-1, 0));
    assert.deepEqual(learner.state.parameters, before);
  });

  it('holds no tensor between calls', () => {
    const before = tf.memory().numTensors;
    const learner = train(MetaLearner.start(tf, DEFAULT_SETTINGS), 3, (step) => crossingBuffer(-1, step));
    learner.weights(Float32Array.of(-1, -2));
    learner.gradient(crossingBuffer(-1, 9));
    assert.equal(tf.memory().numTensors, before);
  });

  it('clips the gradient norm at its maximum', () => {
    const buffer: MetaBuffer = {
      scores: Float32Array.of(-1),
      ellOff: Float32Array.of(-90),
      ellOn: Float32Array.of(-1),
    };
    const moments = (gradientNormMax: number) => {
      const { learner, gradientNorm } = MetaLearner.start(tf, { ...DEFAULT_SETTINGS, gradientNormMax }).step(buffer);
      const squares = PARAMETER_NAMES.flatMap((name) =>
        [...learner.state.firstMoments[name]].map((m) => (m / 0.1) ** 2),
      );
      return { seen: Math.sqrt(squares.reduce((sum, x) => sum + x, 0)), gradientNorm };
    };
    const clipped = moments(1);
    assert.ok(clipped.gradientNorm > 5, `the norm is ${clipped.gradientNorm}`);
    assert.ok(Math.abs(clipped.seen - 1) < 1e-5, `clipped to ${clipped.seen}`);
    assert.ok(Math.abs(moments(1e6).seen / clipped.gradientNorm - 1) < 1e-5);
  });

  it('decays W1 and W2 but no bias', () => {
    const still: MetaBuffer = { scores: Float32Array.of(-1), ellOff: Float32Array.of(-1), ellOn: Float32Array.of(-1) };
    const start = MetaLearner.start(tf, { ...DEFAULT_SETTINGS, weightDecay: 0.5 });
    const biased = new MetaLearner(tf, {
      ...start.state,
      parameters: { ...start.state.parameters, b1: new Float32Array(100).fill(0.3), b2: Float32Array.of(0.3) },
    });
    const { parameters } = biased.step(still).learner.state;
    assert.ok(Math.abs(parameters.W1[0]! - 0.1 * (1 - 0.005 * 0.5)) < 1e-8);
    assert.ok(Math.abs(parameters.W2[0]! - 0.1 * (1 - 0.005 * 0.5)) < 1e-8);
    assert.equal(parameters.b1[0], Math.fround(0.3));
    assert.equal(parameters.b2[0], Math.fround(0.3));
  });
});

const copyOf = (phi: Phi): Phi => structuredClone(phi);

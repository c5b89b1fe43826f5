/** @file Tests (a), (b), (c), (e), (j) of the algorithm: the curve at the start, and the gradient of L_meta. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rng } from '#core';
import { MetaLearner } from './meta-learner.js';
import { metaGradient, weightsOf, type MetaBuffer } from './meta-objective.js';
import { referenceGradient, referenceLoss, referenceWeight, type Phi64 } from './meta-objective.reference.js';
import { DEFAULT_SETTINGS, PARAMETER_NAMES, initialState, type Phi } from './phi.js';
import { loadTensorFlow } from './tensorflow.js';

const { tf } = await loadTensorFlow('cpu');
const constantStart = initialState(DEFAULT_SETTINGS).parameters;
const randomStart = initialState({ ...DEFAULT_SETTINGS, init: 'random', initSeed: 7n }).parameters;

function randomBuffer(seed: number, length: number, gain: (rng: Rng) => number): MetaBuffer {
  const rng = new Rng('meta objective buffer', seed);
  const ellOff = Float32Array.from({ length }, () => -3 * rng.uniform());
  return {
    scores: Float32Array.from({ length }, () => -6 * rng.uniform()),
    ellOff,
    ellOn: ellOff.map((ell) => ell + gain(rng)),
  };
}

const toFloat64 = (phi: Phi): Phi64 => ({
  W1: Float64Array.from(phi.W1),
  b1: Float64Array.from(phi.b1),
  W2: Float64Array.from(phi.W2),
  b2: Float64Array.from(phi.b2),
});

describe('h_φ at the start', () => {
  it('(a) equals the table of w0 under the constant start', () => {
    const s = [0, -0.1, -0.3133, -0.6931, -1.3133, -2.127, -3, -5, -10];
    const expected = [0.5, 0.47502, 0.42233, 0.33359, 0.21319, 0.10954, 0.05151, 0.00975, 0.00049];
    const weights = weightsOf(tf, constantStart, Float32Array.from(s));
    expected.forEach((w0, i) => assert.ok(Math.abs(weights[i]! - w0) < 6e-6, `s = ${s[i]}: ${weights[i]} not ${w0}`));
  });

  it('(j) gives w0 = 0.33359 where policy and reference are equal, s = −ln 2', () => {
    const [w0] = weightsOf(tf, constantStart, Float32Array.of(-Math.LN2));
    // The table's 0.33359 is for s rounded to −0.6931; at −ln 2 itself the value is 0.333580.
    assert.ok(Math.abs(w0! - 0.33359) < 1.5e-5, String(w0));
  });

  it('spreads the random start around 0.1 with deviation 0.02, the same for the same seed', () => {
    const wide = initialState({ ...DEFAULT_SETTINGS, init: 'random', initSeed: 3n, hiddenWidth: 10_000 }).parameters;
    for (const name of ['W1', 'W2'] as const) {
      const mean = wide[name].reduce((sum, x) => sum + x, 0) / wide[name].length;
      const variance = wide[name].reduce((sum, x) => sum + (x - mean) ** 2, 0) / wide[name].length;
      assert.ok(Math.abs(mean - 0.1) < 0.001 && Math.abs(Math.sqrt(variance) - 0.02) < 0.001, `${name}: ${mean}`);
    }
    assert.notDeepEqual(wide.W1, wide.W2);
    assert.deepEqual(initialState({ ...DEFAULT_SETTINGS, init: 'random', initSeed: 7n }).parameters, randomStart);
    assert.ok(wide.b1.every((x) => x === 0) && wide.b2[0] === 0);
  });
});

describe('the gradient of L_meta', () => {
  it('(b) lowers every weight after one step where every online pair scores higher, and raises it where lower', () => {
    for (const [sign, moves] of [
      [1, (before: number, after: number) => after < before],
      [-1, (before: number, after: number) => after > before],
    ] as const) {
      const buffer = randomBuffer(1, 32, (rng) => sign * (0.1 + rng.uniform()));
      const before = MetaLearner.start(tf, DEFAULT_SETTINGS);
      const after = before.step(buffer).learner;
      const [w, stepped] = [before.weights(buffer.scores), after.weights(buffer.scores)];
      w.forEach((weight, i) => assert.ok(moves(weight, stepped[i]!), `${weight} went to ${stepped[i]}`));
    }
  });

  it('(c) agrees with finite differences of L_meta in every parameter, by way of its float64 twin', () => {
    const buffer = randomBuffer(2, 12, (rng) => rng.normal());
    for (const phi of [toFloat64(constantStart), toFloat64(randomStart)]) {
      const gradient = referenceGradient(phi, buffer);
      for (const name of PARAMETER_NAMES) {
        phi[name].forEach((_, j) => {
          const difference = centralDifference(phi, name, j, buffer);
          assert.ok(Math.abs(difference - gradient[name][j]!) < 1e-9, `${name}[${j}]: ${difference}`);
        });
      }
    }
  });

  it('(c) is what the float64 twin computes, up to float32', () => {
    const buffer = randomBuffer(3, 64, (rng) => rng.normal());
    for (const phi of [constantStart, randomStart]) {
      const { gradients, loss } = metaGradient(tf, phi, buffer);
      const exact = referenceGradient(toFloat64(phi), buffer);
      const scale = Math.max(...PARAMETER_NAMES.flatMap((name) => [...exact[name]].map(Math.abs)));
      for (const name of PARAMETER_NAMES) {
        gradients[name].forEach((g, j) => assert.ok(Math.abs(g - exact[name][j]!) < 2e-6 * scale, `${name}[${j}]`));
      }
      assert.ok(Math.abs(loss - referenceLoss(toFloat64(phi), buffer)) < 1e-6);
    }
  });

  it('(e) is exactly zero where ℓ_on equals ℓ_off', () => {
    const { scores, ellOff } = randomBuffer(4, 33, () => 0);
    for (const phi of [constantStart, randomStart]) {
      const { gradients, gradientNorm } = metaGradient(tf, phi, { scores, ellOff, ellOn: ellOff });
      assert.equal(gradientNorm, 0);
      for (const name of PARAMETER_NAMES)
        assert.ok(
          gradients[name].every((g) => g === 0),
          name,
        );
    }
  });

  it('does not depend on the order of hidden units', () => {
    const buffer = randomBuffer(5, 8, (rng) => rng.normal());
    const reversed: Phi = {
      W1: randomStart.W1.toReversed(),
      b1: randomStart.b1.toReversed(),
      W2: randomStart.W2.toReversed(),
      b2: randomStart.b2,
    };
    const [g, h] = [metaGradient(tf, randomStart, buffer), metaGradient(tf, reversed, buffer)];
    g.gradients.W1.forEach((x, j) => assert.ok(Math.abs(x - h.gradients.W1.at(-1 - j)!) < 1e-8));
  });
});

describe('the float64 twin of h_φ', () => {
  it('gives the same weights as TensorFlow.js, up to float32', () => {
    const scores = Float32Array.from({ length: 50 }, (_, i) => -i / 5);
    const weights = weightsOf(tf, randomStart, scores);
    weights.forEach((w, i) => assert.ok(Math.abs(w - referenceWeight(toFloat64(randomStart), scores[i]!)) < 3e-7));
  });
});

function centralDifference(phi: Phi64, name: keyof Phi64, index: number, buffer: MetaBuffer): number {
  const h = 1e-5;
  const lossAt = (offset: number) => {
    const moved = { ...phi, [name]: Float64Array.from(phi[name]) };
    moved[name][index]! += offset;
    return referenceLoss(moved, buffer);
  };
  return (lossAt(h) - lossAt(-h)) / (2 * h);
}

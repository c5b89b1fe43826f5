/**
 * @file h_φ, its gradient and its AdamW steps against PyTorch: the golden cases `meta-learner` and the meta updates of
 * every training trace, at the tolerances the cases state.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { installationRoot } from '#core';
import { readTensorFile, toNumbers } from '#ml/tensor';
import { MetaLearner } from './meta-learner.js';
import type { MetaBuffer } from './meta-objective.js';
import { DEFAULT_SETTINGS, PARAMETER_NAMES, initialState, mapPhi, type Phi } from './phi.js';
import { loadTensorFlow } from './tensorflow.js';

const { tf } = await loadTensorFlow('cpu');
const casesDir = join(installationRoot(), '..', 'shared', 'golden', 'cases');
const skip = existsSync(casesDir) ? false : `no golden data at ../shared/golden, looked for ${casesDir}`;

interface Tolerance {
  readonly abs: number;
  readonly relative_all: number;
  readonly relative_worst_tensor: number;
}

interface MetaLearnerCase {
  readonly tolerance: Readonly<Record<string, Tolerance>>;
  readonly runs: readonly {
    readonly name: string;
    readonly init: string;
    readonly buffer?: string;
    readonly steps?: readonly { readonly loss: number; readonly grad_norm: number }[];
    readonly s?: readonly number[];
    readonly w?: readonly number[];
  }[];
}

interface TraceCase {
  readonly tolerance: { readonly meta: Tolerance; readonly loss: Tolerance; readonly grad_norm: Tolerance };
  readonly meta_learner: { readonly lr: number; readonly weight_decay_W1_W2: number; readonly clip: number };
  readonly steps: readonly {
    readonly meta_update?: {
      readonly number: number;
      readonly buffer: { readonly s: number[]; readonly ell_off: number[]; readonly ell_on: number[] };
      readonly loss: number;
      readonly grad_norm: number;
    };
  }[];
}

describe('the golden case meta-learner', { skip }, () => {
  it('has our curves, gradients and twenty steps on a mild and on a steep buffer', async () => {
    const golden = readCase<MetaLearnerCase>('meta-learner');
    const numbers = await numbersOf('meta-learner', 'tensors.safetensors');
    for (const run of golden.runs) {
      const start = learnerAt(phiOf(numbers, `${run.init}.start`));
      if (run.s && run.w) {
        expectClose(start.weights(Float32Array.from(run.s)), run.w, golden.tolerance[`${run.init}.h`]!.abs, run.name);
        continue;
      }
      const buffer = bufferOf(numbers, run.buffer!);
      expectGradient(start.gradient(buffer).gradients, numbers, run.name, golden.tolerance[`${run.name}.grad`]!);
      let learner = start;
      run.steps!.forEach((expected, index) => {
        const { learner: stepped, loss, gradientNorm } = learner.step(buffer);
        learner = stepped;
        const where = `${run.name}.step${index + 1}`;
        expectClose([loss / expected.loss, gradientNorm / expected.grad_norm], [1, 1], 2e-6, `${where} loss and norm`);
        for (const name of PARAMETER_NAMES) {
          const got = learner.state.parameters[name];
          expectClose(
            got,
            numbers(`${where}.${name}`),
            golden.tolerance[`${run.name}.states`]!.abs,
            `${where}.${name}`,
          );
        }
      });
    }
  });
});

describe('the golden traces', { skip }, () => {
  for (const name of skip ? [] : readdirSync(casesDir).filter((entry) => entry.startsWith('trace-'))) {
    it(`${name} has our meta updates`, async () => {
      const golden = readCase<TraceCase>(name);
      const numbers = await numbersOf(name, 'meta.safetensors');
      const { lr, weight_decay_W1_W2, clip } = golden.meta_learner;
      assert.deepEqual(
        [lr, weight_decay_W1_W2, clip],
        [DEFAULT_SETTINGS.learningRate, DEFAULT_SETTINGS.weightDecay, DEFAULT_SETTINGS.gradientNormMax],
      );
      let learner = learnerAt(phiOf(numbers, 'start'));
      for (const { meta_update: update } of golden.steps) {
        if (!update) continue;
        const { s, ell_off, ell_on } = update.buffer;
        const stepped = learner.step({
          scores: Float32Array.from(s),
          ellOff: Float32Array.from(ell_off),
          ellOn: Float32Array.from(ell_on),
        });
        learner = stepped.learner;
        const where = `update${update.number}`;
        expectClose([stepped.loss], [update.loss], golden.tolerance.loss.abs, `${where} loss`);
        expectClose([stepped.gradientNorm], [update.grad_norm], golden.tolerance.grad_norm.abs, `${where} norm`);
        for (const parameter of PARAMETER_NAMES) {
          const expected = numbers(`${where}.${parameter}`);
          const got = learner.state.parameters[parameter];
          expectClose(got, expected, golden.tolerance.meta.abs, `${where}.${parameter}`);
        }
      }
    });
  }
});

type Numbers = (tensorName: string) => ArrayLike<number>;

async function numbersOf(caseName: string, file: string): Promise<Numbers> {
  const path = join(casesDir, caseName, file);
  const { tensors } = await readTensorFile(path);
  return (name) => toNumbers(tensors.get(name)!, { name, where: path });
}

function readCase<T>(name: string): T {
  return JSON.parse(readFileSync(join(casesDir, name, 'case.json'), 'utf8')) as T;
}

function phiOf(numbers: Numbers, prefix: string): Phi {
  return mapPhi((name) => Float32Array.from(numbers(`${prefix}.${name}`)));
}

function bufferOf(numbers: Numbers, prefix: string): MetaBuffer {
  const column = (name: string) => Float32Array.from(numbers(`${prefix}.${name}`));
  return { scores: column('s'), ellOff: column('ell_off'), ellOn: column('ell_on') };
}

function learnerAt(parameters: Phi): MetaLearner {
  return new MetaLearner(tf, { ...initialState(DEFAULT_SETTINGS), parameters });
}

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, where: string): void {
  assert.equal(got.length, expected.length, where);
  for (let i = 0; i < got.length; i++) {
    const error = Math.abs(got[i]! - expected[i]!);
    assert.ok(error <= tolerance, `${where}[${i}]: got ${got[i]}, golden ${expected[i]}, error ${error}`);
  }
}

function expectGradient(got: Phi, numbers: Numbers, run: string, tolerance: Tolerance): void {
  let [squaredError, squaredNorm] = [0, 0];
  for (const name of PARAMETER_NAMES) {
    const expected = Array.from(numbers(`${run}.grad.${name}`));
    const error = expected.reduce((sum, g, i) => sum + (g - got[name][i]!) ** 2, 0);
    const norm = expected.reduce((sum, g) => sum + g ** 2, 0);
    const relative = Math.sqrt(error / norm);
    assert.ok(relative <= tolerance.relative_worst_tensor, `${run}.grad.${name}: relative error ${relative}`);
    squaredError += error;
    squaredNorm += norm;
  }
  const relative = Math.sqrt(squaredError / squaredNorm);
  assert.ok(relative <= tolerance.relative_all, `${run}.grad: relative error ${relative}`);
}

/** @file Kind `meta-learner`: h_φ, the gradient of L_meta and AdamW steps against PyTorch. */
import { present } from '#core';
import type { Checker } from '../checker.js';
import type { GoldenTensors } from '../golden-case.js';
import { bufferOf, loadMetaLearner, phiFrom, PARAMETER_NAMES } from '../meta-learner-fixture.js';
import type { AbsTolerance, Measurements, NormTolerance } from '../measurement.js';

interface Content {
  readonly tolerance: Readonly<Record<string, AbsTolerance & NormTolerance>>;
  readonly runs: readonly (TableRun | StepsRun)[];
}

interface TableRun {
  readonly name: string;
  readonly init: string;
  readonly s: readonly number[];
  readonly w: readonly number[];
}

interface StepsRun {
  readonly name: string;
  readonly init: string;
  readonly buffer: string;
  readonly steps: readonly { readonly loss: number; readonly grad_norm: number }[];
  readonly clipped_steps: number;
  readonly w_after: readonly number[];
}

/** Losses and norms carry no tolerance of their own in this kind: 32 float32 roundings, as the README sets the floor. */
const RELATIVE_ROUNDINGS = 32 * 2 ** -23;

export const checkMetaLearner: Checker = async (golden, measure) => {
  const { tolerance, runs } = golden.as<Content>();
  const tensors = await golden.tensors();
  for (const run of runs) {
    const start = await loadMetaLearner(phiFrom((name) => tensors.numbers(`${run.init}.start.${name}`)));
    if ('s' in run) {
      const table = present(tolerance[`${run.init}.h`], `tolerance of ${run.init}.h`);
      measure.close('h(s)', run.name, start.weights(Float32Array.from(run.s)), run.w, table);
      continue;
    }
    const buffer = bufferOf((name) => tensors.numbers(`${run.buffer}.${name}`));
    const { gradients } = start.gradient(buffer);
    const pairs = PARAMETER_NAMES.map(
      (name) => [name, gradients[name], tensors.numbers(`${run.name}.grad.${name}`)] as const,
    );
    measure.norms('gradient', run.name, pairs, present(tolerance[`${run.name}.grad`], 'tolerance of the gradient'));
    checkSteps(run, { start, buffer, tensors, states: present(tolerance[`${run.name}.states`], 'tolerance'), measure });
  }
};

interface StepsContext {
  readonly start: Awaited<ReturnType<typeof loadMetaLearner>>;
  readonly buffer: ReturnType<typeof bufferOf>;
  readonly tensors: GoldenTensors;
  readonly states: AbsTolerance;
  readonly measure: Measurements;
}

function checkSteps(run: StepsRun, { start, buffer, tensors, states, measure }: StepsContext): void {
  let learner = start;
  let clippedSteps = 0;
  run.steps.forEach((expected, index) => {
    const stepped = learner.step(buffer);
    learner = stepped.learner;
    if (stepped.gradientNorm > 1) clippedSteps++;
    const part = `${run.name} step ${index + 1}`;
    measure.close('loss', part, [stepped.loss], [expected.loss], relativeTo(expected.loss));
    measure.close('gradient norm', part, [stepped.gradientNorm], [expected.grad_norm], relativeTo(expected.grad_norm));
    for (const name of PARAMETER_NAMES) {
      const golden = tensors.numbers(`${run.name}.step${index + 1}.${name}`);
      measure.close('states', `${part} ${name}`, learner.state.parameters[name], golden, states);
    }
  });
  const last = run.steps.length;
  for (const name of PARAMETER_NAMES) {
    const exact = tensors.numbers(`${run.name}.exact.step${last}.${name}`);
    measure.close('states in float64', `${run.name} ${name}`, learner.state.parameters[name], exact, states);
  }
  measure.exact('clipped steps', run.name, clippedSteps, run.clipped_steps);
  measure.close('w after', run.name, learner.weights(buffer.scores), run.w_after, states);
}

function relativeTo(value: number): AbsTolerance {
  return { abs: RELATIVE_ROUNDINGS * Math.abs(value) };
}

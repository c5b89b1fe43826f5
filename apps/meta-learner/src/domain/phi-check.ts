/** @file What settings and states must satisfy before anything is computed from them. */
import {
  PARAMETER_NAMES,
  parameterSize,
  type MetaLearnerSettings,
  type MetaLearnerState,
  type ParameterName,
  type Phi,
} from './phi.js';

/** The first thing that is wrong. */
export interface Problem {
  readonly field: string;
  readonly expected: string;
  readonly got: string;
}

const HIDDEN_WIDTH_MAX = 65_536;
const STEPS_PER_UPDATE_MAX = 1000;

export function settingsProblem(settings: MetaLearnerSettings): Problem | undefined {
  const { hiddenWidth, learningRate, weightDecay, gradientNormMax, stepsPerUpdate } = settings;
  return firstProblem([
    [
      isIntegerIn(hiddenWidth, HIDDEN_WIDTH_MAX),
      'hidden_width',
      `a whole number in [1, ${HIDDEN_WIDTH_MAX}]`,
      hiddenWidth,
    ],
    [isFinitePositive(learningRate), 'learning_rate', 'a number in (0, ∞)', learningRate],
    [Number.isFinite(weightDecay) && weightDecay >= 0, 'weight_decay', 'a number in [0, ∞)', weightDecay],
    [isFinitePositive(gradientNormMax), 'gradient_norm_max', 'a number in (0, ∞)', gradientNormMax],
    [
      isIntegerIn(stepsPerUpdate, STEPS_PER_UPDATE_MAX),
      'steps_per_update',
      `a whole number in [1, ${STEPS_PER_UPDATE_MAX}]`,
      stepsPerUpdate,
    ],
  ]);
}

export function stateProblem(state: MetaLearnerState): Problem | undefined {
  const { settings, version, stepCount, parameters, firstMoments, secondMoments } = state;
  return (
    settingsProblem(settings) ??
    firstProblem([
      [Number.isSafeInteger(version) && version >= 0, 'version', 'a whole number in [0, 2⁵³)', version],
      [Number.isSafeInteger(stepCount) && stepCount >= 0, 'step_count', 'a whole number in [0, 2⁵³)', stepCount],
    ]) ??
    phiProblem('parameters', parameters, settings.hiddenWidth) ??
    phiProblem('first_moments', firstMoments, settings.hiddenWidth) ??
    phiProblem('second_moments', secondMoments, settings.hiddenWidth) ??
    negativeProblem(secondMoments)
  );
}

function phiProblem(where: string, phi: Phi, hiddenWidth: number): Problem | undefined {
  for (const name of PARAMETER_NAMES) {
    const problem = arrayProblem(`${where}.${name}`, phi[name], parameterSize(name, hiddenWidth));
    if (problem) return problem;
  }
  return undefined;
}

function arrayProblem(field: string, values: Float32Array, size: number): Problem | undefined {
  const firstBad = values.findIndex((value) => !Number.isFinite(value));
  return firstProblem([
    [values.length === size, field, `${size} elements`, values.length],
    [firstBad < 0, `${field}[${firstBad}]`, 'a finite number', values[firstBad]],
  ]);
}

function negativeProblem(secondMoments: Phi): Problem | undefined {
  const name = PARAMETER_NAMES.find((candidate: ParameterName) => secondMoments[candidate].some((value) => value < 0));
  return name && { field: `second_moments.${name}`, expected: 'no negative element', got: 'one' };
}

type Check = readonly [holds: boolean, field: string, expected: string, got: unknown];

function firstProblem(checks: readonly Check[]): Problem | undefined {
  const failed = checks.find(([holds]) => !holds);
  return failed && { field: failed[1], expected: failed[2], got: String(failed[3]) };
}

const isFinitePositive = (value: number): boolean => Number.isFinite(value) && value > 0;
const isIntegerIn = (value: number, max: number): boolean => Number.isInteger(value) && value >= 1 && value <= max;

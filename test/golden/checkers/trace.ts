/**
 * @file Kind `trace`: optimizer steps with gradient accumulation and the live meta-learner, from the engine's gradients
 * through the trainer's sum, clipping, schedule and AdamW to the meta-learner's updates.
 */
import { present, type TensorMap } from '#core';
import type { Adapter } from '#ml/adapters';
import type { GradientResult, PolicyEngine, PolicyRef, Weighting } from '#ml/engine';
import { adamW, clipFactor, globalNorm, isBiasOrNorm, scheduleFactor, warmupStepsOf, type Schedule } from '#ml/optim';
import { GradientSum } from '../../../apps/trainer/src/domain/algorithm/gradient-sum.js';
import type { Checker } from '../checker.js';
import type { GoldenTensors } from '../golden-case.js';
import { loadMetaLearner, phiFrom, PARAMETER_NAMES, type MetaLearner } from '../meta-learner-fixture.js';
import { squaredDistance, type AbsTolerance, type Measurements } from '../measurement.js';
import { loadCheckpoint, putAdapter, referencePolicy, startingAdapter, withEngine } from '../model-fixture.js';
import {
  PROMPT_VALUES,
  gradientRows,
  objectiveOf,
  preferenceRows,
  promptValues,
  type GoldenLoss,
  type PreferenceRows,
  type PromptValues,
} from '../preference-fixture.js';

interface MetaUpdate {
  readonly number: number;
  readonly buffer: Pick<PromptValues, 's' | 'ell_off' | 'ell_on'>;
  readonly loss: number;
  readonly grad_norm: number;
}

interface Step {
  readonly step: number;
  readonly lr: number;
  readonly loss: number;
  readonly grad_norm: number;
  readonly micro: readonly (PromptValues & { readonly loss: number })[];
  readonly meta_update?: MetaUpdate;
}

interface Content {
  readonly loss: GoldenLoss;
  readonly optimizer: {
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly no_decay: readonly string[];
    readonly weight_decay: number;
    readonly schedule: 'cosine' | 'constant';
    readonly schedule_steps: number;
    readonly warmup_ratio: number;
    readonly min_lr_rate: number;
    readonly lr: number;
    readonly clip: number;
    readonly micro_batch: number;
    readonly accumulation: number;
    readonly meta_period: number;
  };
  readonly tolerance: {
    readonly loss: AbsTolerance;
    readonly grad_norm: AbsTolerance;
    readonly meta: AbsTolerance;
    readonly parameters: { readonly relative_to_moved: number; readonly max_abs: number };
  };
  readonly steps: readonly Step[];
}

/** The README's rule for a tolerance where a case states none: this many float32 roundings of the quantity's scale. */
const ROUNDINGS = 32 * 2 ** -23;

export const checkTrace: Checker = (golden, measure) =>
  withEngine(golden, async (engine) => {
    const content = golden.as<Content>();
    const start = await startingAdapter(golden, await loadCheckpoint(golden));
    const meta = await golden.tensors('meta.safetensors');
    const trace = new Trace({
      content,
      engine,
      start,
      reference: await referencePolicy(golden, engine),
      rows: preferenceRows(await golden.tensors('inputs.safetensors')),
      golden: { parameters: await golden.tensors('parameters.safetensors'), meta },
      learner: await loadMetaLearner(phiFrom((name) => meta.numbers(`start.${name}`))),
      measure,
    });
    measure.exact(
      'tensors without decay',
      'all',
      [...start.tensors.keys()].filter(isBiasOrNorm).sort(),
      content.optimizer.no_decay.toSorted(),
    );
    for (const step of content.steps) await trace.take(step);
  });

interface TraceParts {
  readonly content: Content;
  readonly engine: PolicyEngine;
  readonly start: Adapter;
  readonly reference: PolicyRef;
  readonly rows: PreferenceRows;
  readonly golden: { readonly parameters: GoldenTensors; readonly meta: GoldenTensors };
  readonly learner: MetaLearner;
  readonly measure: Measurements;
}

class Trace {
  private readonly optimizer;
  private state;
  private parameters: TensorMap;
  private learner: MetaLearner;
  private promptsTaken = 0;
  private buffer: PromptValues[] = [];

  constructor(private readonly parts: TraceParts) {
    const { betas, eps, weight_decay: weightDecay } = parts.content.optimizer;
    this.optimizer = adamW({ beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay });
    this.parameters = parts.start.tensors;
    this.state = this.optimizer.init(this.parameters);
    this.learner = parts.learner;
  }

  async take(step: Step): Promise<void> {
    const { content, measure } = this.parts;
    const part = `step ${step.step}`;
    const { gradients, loss } = await this.accumulate(step, part);
    const norm = globalNorm(gradients);
    const learningRate = content.optimizer.lr * scheduleFactor(scheduleOf(content), step.step - 1);
    measure.close('learning rate', part, [learningRate], [step.lr], { abs: 1e-12 * content.optimizer.lr });
    measure.close('loss', part, [loss], [step.loss], content.tolerance.loss);
    measure.close('gradient norm', part, [norm], [step.grad_norm], content.tolerance.grad_norm);
    const gradientFactor = clipFactor(norm, content.optimizer.clip);
    const next = this.optimizer.step(this.parameters, gradients, { state: this.state, learningRate, gradientFactor });
    this.parameters = next.parameters;
    this.state = next.state;
    this.compareParameters(part, `step${step.step}.`);
    this.updateMetaLearner(step, part);
  }

  private async accumulate(step: Step, part: string) {
    const { content, engine, reference, rows, start, measure } = this.parts;
    const { micro_batch: size, accumulation } = content.optimizer;
    const policy = await putAdapter(engine, { spec: start.spec, tensors: this.parameters });
    const sum = new GradientSum();
    for (let micro = 0; micro < accumulation; micro++) {
      const result = await engine.gradient({
        policy,
        reference,
        objective: objectiveOf(content.loss),
        weighting: weightingOf(this.learner),
        rows: gradientRows(rows, this.promptsTaken, this.promptsTaken + size),
      });
      this.promptsTaken += size;
      sum.add({ gradients: result.gradients, lossSum: result.lossSum, rowCount: result.rows.length });
      const values = promptValues(result.rows, content.loss);
      this.buffer.push(values);
      const golden = present(step.micro[micro], `micro-batch ${micro} of ${part}`);
      const where = `${part}, micro-batch ${micro + 1}`;
      const tolerances = valueTolerances(result, content.loss, this.learner);
      for (const name of PROMPT_VALUES) {
        measure.close(`micro-batch ${name}`, where, values[name], golden[name], tolerances[name]);
      }
      measure.close('micro-batch loss', where, [result.lossSum / size], [golden.loss], content.tolerance.loss);
    }
    if (policy !== reference) await engine.dropAdapter(policy);
    return sum.mean();
  }

  /** norm(ours − golden) / norm(golden − start); before anything moved, plainly the difference. */
  private compareParameters(part: string, prefix: string): void {
    const { golden, start, content, measure } = this.parts;
    let off = 0;
    let moved = 0;
    let worst = 0;
    for (const [name, { data }] of this.parameters) {
      const expected = golden.parameters.numbers(`${prefix}${name}`);
      off += squaredDistance(data, expected, name);
      moved += squaredDistance(expected, present(start.tensors.get(name), name).data, name);
      worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - present(expected[i], name))), worst);
    }
    const { relative_to_moved: relative, max_abs: abs } = content.tolerance.parameters;
    if (moved === 0) measure.figure('parameters before the first move', part, worst, abs);
    else measure.figure('parameters, relative to moved', part, Math.sqrt(off / moved), relative);
  }

  private updateMetaLearner(step: Step, part: string): void {
    const { content, golden, measure } = this.parts;
    const isDue = step.step % content.optimizer.meta_period === 0;
    measure.exact('meta update due', part, isDue, step.meta_update !== undefined);
    if (!step.meta_update) return;
    const column = (name: 's' | 'ell_off' | 'ell_on') =>
      Float32Array.from(this.buffer.flatMap((values) => values[name]));
    const { buffer, number, loss, grad_norm: norm } = step.meta_update;
    measure.exact('meta buffer size', part, column('s').length, buffer.s.length);
    const stepped = this.learner.step({ scores: column('s'), ellOff: column('ell_off'), ellOn: column('ell_on') });
    this.buffer = [];
    this.learner = stepped.learner;
    measure.close('meta loss', part, [stepped.loss], [loss], content.tolerance.loss);
    measure.close('meta gradient norm', part, [stepped.gradientNorm], [norm], content.tolerance.grad_norm);
    for (const name of PARAMETER_NAMES) {
      const expected = golden.meta.numbers(`update${number}.${name}`);
      measure.close(
        'meta parameters',
        `${part} ${name}`,
        this.learner.state.parameters[name],
        expected,
        content.tolerance.meta,
      );
    }
  }
}

function scheduleOf({ optimizer, steps }: Content): Schedule {
  const { schedule: kind, schedule_steps: totalSteps, warmup_ratio: ratio, min_lr_rate: leastFactor } = optimizer;
  if (kind === 'constant') return { kind, totalSteps: steps.length };
  return { kind, totalSteps, warmupSteps: warmupStepsOf(totalSteps, ratio), leastFactor };
}

function weightingOf({ state }: MetaLearner): Weighting {
  const { W1, b1, W2, b2 } = state.parameters;
  const weights = { hiddenWeights: W1, hiddenBiases: b1, outputWeights: W2, outputBias: present(b2[0], 'b2') };
  return { kind: 'meta_learner', weights };
}

/**
 * Tolerances that a case does not state, by the README's rule: of Δ from the log-probabilities it is a difference of; of
 * the others from Δ's, times the steepest slope by which each follows it.
 */
function valueTolerances({ rows }: GradientResult, loss: GoldenLoss, { state }: MetaLearner) {
  const pairs = rows.flatMap(({ policyOffline, policyOnline }) => [policyOffline, policyOnline]);
  const scale = Math.max(...pairs.map((pair) => Math.max(Math.abs(pair?.chosen ?? 0), Math.abs(pair?.rejected ?? 0))));
  const { W1, W2 } = state.parameters;
  const metaSlope = W1.reduce((sum, weight, i) => sum + Math.abs(weight * present(W2[i], 'W2')), 0) / 4; // σ' ≤ 1/4, tanh' ≤ 1
  const follow = (slope: number): AbsTolerance => ({ abs: ROUNDINGS * Math.max(1, scale * slope) });
  return {
    delta_off: follow(1),
    delta_on: follow(1),
    ell_off: follow(loss.beta),
    ell_on: follow(loss.beta),
    s: follow(loss.input_beta),
    w: follow(loss.input_beta * metaSlope),
  };
}

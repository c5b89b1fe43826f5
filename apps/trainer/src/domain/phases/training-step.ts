/**
 * @file One optimizer step: gradients unit by unit, their sum in unit order, clipping, AdamW. Computes; what becomes durable
 * of it is the caller's business.
 */
import type { TensorMap } from '#core';
import { clipFactor, globalNorm, scheduleFactor, warmupStepsOf, type AdamWState, type Optimizer } from '#ml/optim';
import { GradientSum } from '../algorithm/gradient-sum.js';
import { chunked } from '../algorithm/rows.js';
import type { GradientResult, GradientUnit, PolicyRef, RowStatistics, Weighting } from '../ports/policy-port.js';
import type { PolicyState } from '../run/policy-state.js';
import type { RunContext } from '../run/run-context.js';
import type { UnitPlan, UnitReport } from '../run/unit-runner.js';
import { gradientCodec } from './gradient-codec.js';
import type { Batch } from './training-order.js';

const OFFLINE_ALONE: Weighting = { kind: 'constant', value: 1 };

export interface StepInput {
  readonly iteration: number;
  readonly phase: string;
  /** From 0 within the phase. */
  readonly step: number;
  readonly batch: Batch;
  readonly policy: PolicyState;
  readonly moments: AdamWState;
  readonly reference: PolicyRef;
  readonly weighting: Weighting;
  readonly peakLearningRate: number;
  readonly optimizer: Optimizer<AdamWState>;
  /** False when the journal has the step already, and it is computed again for what it leads to. */
  readonly journaled: boolean;
  readonly halted: AbortSignal | undefined;
}

export interface StepResult {
  readonly parameters: TensorMap;
  readonly moments: AdamWState;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Mean over the batch. */
  readonly loss: number;
  readonly statistics: readonly RowStatistics[];
  readonly units: readonly UnitReport[];
}

export async function computeStep(context: RunContext, input: StepInput): Promise<StepResult> {
  const { policy, moments, optimizer } = input;
  const { results, units } = await gradients(context, input);
  const sum = new GradientSum();
  for (const { gradients: tensors, lossSum, statistics } of results) {
    sum.add({ gradients: tensors, lossSum, rowCount: statistics.length });
  }
  const { gradients: mean, loss } = sum.mean();
  const gradientNorm = globalNorm(mean);
  const learningRate = learningRateOf(context, input);
  const gradientFactor = clipFactor(gradientNorm, context.config.optimizer.clip);
  const next = optimizer.step(policy.tensors, mean, { state: moments, learningRate, gradientFactor });
  return {
    parameters: next.parameters,
    moments: next.state,
    learningRate,
    gradientNorm,
    loss,
    statistics: results.flatMap(({ statistics }) => statistics),
    units,
  };
}

async function gradients(
  context: RunContext,
  { iteration, phase, step, batch, policy, reference, weighting, journaled, halted }: StepInput,
): Promise<{ results: GradientResult[]; units: UnitReport[] }> {
  const { config, objective } = context;
  const unitItems = config.units.gradient_items;
  // Rows of weight 1 make units of their own, so there may be one more.
  const unitsPerStep = Math.ceil(config.optimizer.batch_size / unitItems) + 1;
  const groups = [
    ...chunked(weighedRows(batch), unitItems).map((items) => ({ items, weighting })),
    ...chunked(offlineRows(batch), unitItems).map((items) => ({ items, weighting: OFFLINE_ALONE })),
  ];
  const plans = groups.map((group, index): UnitPlan<GradientResult> => {
    const request: GradientUnit = { policy: policy.digest, reference, objective, ...group };
    return {
      key: { iteration, phase, unit: step * unitsPerStep + index },
      service: 'policy',
      request,
      compute: (signal) => context.policy.gradient(request, { signal }),
    };
  });
  const units: UnitReport[] = [];
  const results = await context.units.run(plans, {
    codec: gradientCodec,
    // A step of one unit is made durable by its own commit; a copy of the gradient would only be written twice.
    journaled: journaled && plans.length > 1,
    onDone: (report) => void units.push(report),
    ...(halted && { halted }),
  });
  return { results, units };
}

function weighedRows({ rows }: Batch): GradientUnit['items'] {
  return rows.filter(({ isOffline }) => !isOffline);
}

function offlineRows({ rows }: Batch): GradientUnit['items'] {
  return rows.flatMap(({ isOffline, ...item }) => (isOffline ? [item] : []));
}

function learningRateOf({ config }: RunContext, { batch, peakLearningRate }: StepInput): number {
  const { kind, min_ratio, warm_up_ratio } = config.optimizer.schedule;
  const { position, positions } = batch;
  const schedule = {
    kind,
    totalSteps: positions,
    warmupSteps: kind === 'cosine' ? warmupStepsOf(positions, warm_up_ratio) : 0,
    leastFactor: min_ratio,
  };
  return peakLearningRate * scheduleFactor(schedule, position);
}

/**
 * @file Kind `reward-trace`: a reward model's training step by step, from losses and gradients through clipping, schedule
 * and AdamW to what it has learned.
 */
import { present, type TensorMap } from '#core';
import type { AdapterSpec } from '#ml/adapters';
import { openClassifierCheckpoint } from '#ml/checkpoint';
import { RewardTrainer } from '#ml/engine';
import { adamW, clipFactor, globalNorm, scheduleFactor, warmupStepsOf, type Schedule } from '#ml/optim';
import type { Checker } from '../checker.js';
import type { GoldenTensors } from '../golden-case.js';
import { requireModelPath } from '../model-fixture.js';

interface Content {
  readonly lora: { readonly r: number; readonly lora_alpha: number; readonly target_modules: readonly string[] } | null;
  readonly optimizer: {
    readonly lr: number;
    readonly schedule: Schedule['kind'];
    readonly warmup_ratio: number;
    readonly weight_decay: number;
    readonly clip: number;
  };
  readonly center_rewards_coefficient: number;
  readonly steps: number;
  readonly batch: number;
  readonly tolerance: Readonly<Record<'loss' | 'grad_norm' | 'gradients' | 'final', number>>;
  readonly pairs: readonly {
    readonly chosen: readonly number[];
    readonly rejected: readonly number[];
    readonly margin?: number;
  }[];
  readonly logged: readonly { readonly loss: number; readonly grad_norm: number; readonly learning_rate: number }[];
}

/** At least so many tokens that every pair goes in one piece, and so few that none does. */
const PIECES = { whole: 4096, parted: 1 } as const;

export const checkRewardTrace: Checker = async (golden, measure) => {
  const content = golden.as<Content>();
  const { lora, optimizer: settings, steps, batch: batchSize, tolerance, pairs, logged } = content;
  const { config, backbone } = await openClassifierCheckpoint(requireModelPath(golden));
  const tensors = await golden.tensors();
  const rows = pairs.map(({ chosen, rejected, margin = 0 }) => ({ chosen, rejected, margin }));
  for (const [part, treeTokensMax] of Object.entries(PIECES)) {
    const trainer = await RewardTrainer.open({
      config: config.backbone,
      backbone,
      spec: specOf(lora),
      centerRewardsCoefficient: content.center_rewards_coefficient,
      treeTokensMax,
    });
    const optimizer = adamW({ weightDecay: settings.weight_decay });
    let trained = tensorsOf(tensors, 'initial.');
    let state = optimizer.init(trained);
    for (let step = 0; step < steps; step++) {
      const batch = rows.slice(step * batchSize, (step + 1) * batchSize);
      const result = await trainer.step(await trainer.weightsOf(trained), batch, { proceed: async () => {} });
      const expected = present(logged[step], `step ${step}`);
      const where = `${part}, step ${step}`;
      const loss = result.rows.reduce((sum, row) => sum + row.loss, 0) / batch.length;
      const norm = globalNorm(result.gradients);
      measure.figure('loss', where, Math.abs(loss - expected.loss), tolerance.loss);
      measure.figure('gradient norm', where, Math.abs(norm / expected.grad_norm - 1), tolerance.grad_norm);
      if (step === 0) {
        const distance = relativeDistance(result.gradients, tensorsOf(tensors, 'gradient.'));
        measure.figure('gradients', where, distance, tolerance.gradients);
      }
      const warmupSteps = warmupStepsOf(steps, settings.warmup_ratio);
      const schedule: Schedule = { kind: settings.schedule, totalSteps: steps, warmupSteps };
      const learningRate = settings.lr * scheduleFactor(schedule, step);
      measure.figure('learning rate', where, Math.abs(learningRate - expected.learning_rate), 1e-9);
      const gradientFactor = clipFactor(norm, settings.clip);
      ({ parameters: trained, state } = optimizer.step(trained, result.gradients, {
        state,
        learningRate,
        gradientFactor,
      }));
    }
    await trainer.dispose();
    measure.figure('trained', part, relativeDistance(trained, tensorsOf(tensors, 'final.')), tolerance.final);
  }
};

function specOf(lora: Content['lora']): AdapterSpec {
  if (lora === null) return { kind: 'full' };
  const { r: rank, lora_alpha: alpha, target_modules: targetModules } = lora;
  return { kind: 'lora', rank, alpha, rankStabilized: false, targetModules };
}

function tensorsOf(tensors: GoldenTensors, prefix: string): TensorMap {
  return new Map(tensors.names(prefix).map((name) => [name.slice(prefix.length), tensors.f32(name)]));
}

/** Largest ‖a − b‖/‖b‖ over the tensors; infinite where the names differ. */
function relativeDistance(got: TensorMap, expected: TensorMap): number {
  if ([...got.keys()].sort().join() !== [...expected.keys()].sort().join()) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const [name, { data }] of expected) {
    const own = present(got.get(name), name).data;
    let [distance, norm] = [0, 0];
    data.forEach((value, index) => {
      distance += (own[index]! - value) ** 2;
      norm += value ** 2;
    });
    worst = Math.max(worst, Math.sqrt(distance / Math.max(norm, Number.MIN_VALUE)));
  }
  return worst;
}

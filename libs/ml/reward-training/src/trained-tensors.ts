/**
 * @file What is trained, at its start: a head, and beside it low-rank factors or every tensor of the decoder.
 *
 *   W_score ~ N(0, σ²),  σ = initializer_range, no bias
 *
 * As transformers starts the head of a `…ForSequenceClassification`, in distribution. With low-rank updates the head is
 * trained in full: PEFT's `modules_to_save: [score]`.
 */
import { Rng, f32Tensor, type F32Tensor, type TensorMap } from '#core';
import { initialLora, resolveLora, shapesOf, type AdapterSpec } from '#ml/adapters';
import { CLASSIFIER_HEAD } from '#ml/engine';
import type { BaseModel } from './base-model.js';
import type { RewardTrainingSettings } from './settings.js';

export interface TrainedAtStart {
  readonly spec: AdapterSpec;
  /** The head last. */
  readonly trained: TensorMap;
}

/** A function of base, settings and seed. @throws AdapterInvalidError for rules that fit no layer */
export function trainedAtStart(
  { backbone, config, initializerRange }: BaseModel,
  { model, seed }: Pick<RewardTrainingSettings, 'model' | 'seed'>,
): TrainedAtStart {
  const head: [string, F32Tensor] = [CLASSIFIER_HEAD, initialHead(config.hiddenSize, initializerRange, seed)];
  if (model.training === 'full') return { spec: { kind: 'full' }, trained: new Map([...backbone, head]) };
  const base = shapesOf(backbone);
  const spec = resolveLora(model.lora, base, { where: 'model.lora' });
  const { tensors } = initialLora({ spec, base, seed, init: model.loraInit });
  return { spec, trained: new Map([...tensors, head]) };
}

export function initialHead(hiddenSize: number, deviation: number, seed: number): F32Tensor {
  const rng = new Rng('score head', seed);
  return f32Tensor(
    [1, hiddenSize],
    Float32Array.from({ length: hiddenSize }, () => deviation * rng.normal()),
  );
}

/** The tensors without the head. */
export function withoutHead(trained: TensorMap): TensorMap {
  return new Map([...trained].filter(([name]) => name !== CLASSIFIER_HEAD));
}

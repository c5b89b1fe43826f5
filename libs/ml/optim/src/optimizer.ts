/** @file What every optimizer is: pure functions over named tensors, with a state that is plain data and is the checkpoint. */
import type { TensorMap } from '#core';

export interface StepInputs<State> {
  readonly state: State;
  /** In [0, ∞). */
  readonly learningRate: number;
  /** Multiplies every gradient first: clipping, and the division of a sum by its count. @default 1 */
  readonly gradientFactor?: number;
}

export interface StepResult<State> {
  readonly parameters: TensorMap;
  readonly state: State;
}

export interface Optimizer<State> {
  init(parameters: TensorMap): State;
  /** One step; the inputs are left as they are. Every parameter needs a gradient of its shape. */
  step(parameters: TensorMap, gradients: TensorMap, inputs: StepInputs<State>): StepResult<State>;
  /** The state as float32 tensors, and back, bit for bit. */
  toTensors(state: State): TensorMap;
  fromTensors(tensors: TensorMap): State;
}

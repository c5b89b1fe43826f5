/** @file What the trainer asks of the meta-learner service, and φ's complete state as the trainer keeps it. */
import type { Outcome } from './outcomes.js';
import type { CallOptions } from './policy-port.js';

export interface MetaLearnerSettings {
  readonly hiddenWidth: number;
  readonly init: 'constant' | 'random';
  /** Decimal. */
  readonly initSeed: string;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly gradientNormMax: number;
  readonly stepsPerUpdate: number;
}

/** One array per parameter; float32 values, which JSON prints and reads back exactly. */
export interface PhiArrays {
  readonly W1: readonly number[];
  readonly b1: readonly number[];
  readonly W2: readonly number[];
  readonly b2: readonly number[];
}

export interface MetaLearnerState {
  readonly version: number;
  readonly stepCount: number;
  readonly settings: MetaLearnerSettings;
  readonly parameters: PhiArrays;
  readonly firstMoments: PhiArrays;
  readonly secondMoments: PhiArrays;
}

export interface GateUnit {
  readonly items: readonly { readonly itemId: string; readonly score: number }[];
  readonly seed: number;
  readonly iteration: number;
  /** Decides, whatever state the service holds meanwhile. */
  readonly state: MetaLearnerState;
}

export interface GateDecision {
  readonly weight: number;
  readonly draw: number;
  readonly sampled: boolean;
}

export interface BufferEntry {
  readonly score: number;
  readonly ellOff: number;
  readonly ellOn: number;
}

export interface UpdateUnit {
  readonly expectedVersion: number;
  readonly requestId: string;
  readonly buffer: readonly BufferEntry[];
}

export interface UpdateResult {
  readonly state: MetaLearnerState;
  readonly loss: number;
  readonly gradientNorm: number;
}

/** One run's meta-learner. */
export interface MetaLearnerPort {
  create(settings: MetaLearnerSettings, options: CallOptions): Promise<MetaLearnerState>;
  /** Puts a state in place, whatever the service holds. */
  restore(state: MetaLearnerState, options: CallOptions): Promise<void>;
  gate(unit: GateUnit, options: CallOptions): Promise<readonly Outcome<GateDecision>[]>;
  /** @throws MetaLearnerLostError when the service holds another version, or none. */
  update(unit: UpdateUnit, options: CallOptions): Promise<UpdateResult>;
}

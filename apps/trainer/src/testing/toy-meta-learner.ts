/**
 * @file A meta-learner behind the trainer's port that learns by plain gradient descent, Eq. 6 of arXiv 2509.23371, on a
 * hidden layer of one unit. For specs; versions are guarded as the service guards them.
 */
import { uniformOf } from '#core';
import { metaLearnerReference } from '#ml/losses';
import { succeeded } from '../domain/ports/outcomes.js';
import { MetaLearnerLostError } from '../domain/ports/ports.errors.js';
import type {
  MetaLearnerPort,
  MetaLearnerSettings,
  MetaLearnerState,
  UpdateUnit,
} from '../domain/ports/meta-learner-port.js';

const ZEROS = { W1: [0], b1: [0], W2: [0], b2: [0] };

export class ToyMetaLearner implements MetaLearnerPort {
  state: MetaLearnerState | undefined;
  readonly updates: UpdateUnit[] = [];

  create(settings: MetaLearnerSettings): Promise<MetaLearnerState> {
    const parameters = { W1: [0.5], b1: [0], W2: [0.5], b2: [0] };
    this.state = { version: 0, stepCount: 0, settings, parameters, firstMoments: ZEROS, secondMoments: ZEROS };
    return Promise.resolve(this.state);
  }

  restore(state: MetaLearnerState): Promise<void> {
    this.state = state;
    return Promise.resolve();
  }

  gate({ items, seed, iteration, state }: Parameters<MetaLearnerPort['gate']>[0]): ReturnType<MetaLearnerPort['gate']> {
    return Promise.resolve(
      items.map(({ itemId, score }) => {
        const weight = weightOf(state, score);
        const draw = uniformOf(seed, iteration, itemId);
        return succeeded({ weight, draw, sampled: draw > weight });
      }),
    );
  }

  update(unit: UpdateUnit): ReturnType<MetaLearnerPort['update']> {
    const state = this.held(unit.expectedVersion);
    if (unit.buffer.length === 0) throw new RangeError('expected a buffer of at least one entry, as the service does');
    this.updates.push(unit);
    let slope = 0;
    let loss = 0;
    for (const { score, ellOff, ellOn } of unit.buffer) {
      const w = weightOf(state, score);
      slope += ((ellOn - ellOff) * w * (1 - w)) / unit.buffer.length;
      loss -= (w * ellOff + (1 - w) * ellOn) / unit.buffer.length;
    }
    const b2 = Math.fround((state.parameters.b2[0] ?? 0) - 0.5 * slope);
    this.state = {
      ...state,
      version: state.version + 1,
      stepCount: state.stepCount + 1,
      parameters: { ...state.parameters, b2: [b2] },
    };
    return Promise.resolve({ state: this.state, loss, gradientNorm: Math.abs(slope) });
  }

  private held(version: number): MetaLearnerState {
    if (this.state?.version !== version) throw new MetaLearnerLostError('another version', undefined);
    return this.state;
  }
}

function weightOf({ parameters: { W1, b1, W2, b2 } }: MetaLearnerState, score: number): number {
  return metaLearnerReference(score, {
    hiddenWeights: W1,
    hiddenBiases: b1,
    outputWeights: W2,
    outputBias: b2[0] ?? 0,
  });
}

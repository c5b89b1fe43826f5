/** @file An adapter in training: what the trainer does with a gradient, without the services around it. */
import { present } from '#core';
import { adapterDigest, initialLora, type Adapter } from '#ml/adapters';
import type { GradientResult, GradientUnit, PolicyEngine } from '#ml/engine';
import { adamW, clipFactor, globalNorm } from '#ml/optim';
import { LORA, TRAINING } from './workload.js';

const SPEC = { kind: 'lora', rankStabilized: false, ...LORA } as const;

export class Learner {
  private readonly optimizer = adamW();
  private state;
  private adapter: Adapter;
  private digest: string | undefined;

  constructor(private readonly engine: PolicyEngine) {
    const base = new Map(engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
    this.adapter = initialLora({ spec: SPEC, base, seed: 1 });
    this.state = this.optimizer.init(this.adapter.tensors);
  }

  /** Name of the policy as it now is. */
  get policy(): NonNullable<GradientUnit['policy']> {
    return present(this.digest, 'digest of the adapter') as GradientUnit['policy'];
  }

  /** Hands the adapter as it now is to the engine. */
  async publish(): Promise<void> {
    const digest = adapterDigest(this.adapter);
    await this.engine.putAdapter(digest, this.adapter);
    this.digest = digest;
  }

  /** Gradient, clipping, AdamW, and the new adapter back to the engine. */
  async step(unit: Omit<GradientUnit, 'policy' | 'reference' | 'objective'>): Promise<GradientResult> {
    const result = await this.engine.gradient({
      ...unit,
      policy: this.policy,
      reference: null,
      objective: { loss: 'dpo', beta: TRAINING.beta, gamma: 0, inputBeta: 1 },
    });
    const mean = 1 / unit.rows.length;
    const { parameters, state } = this.optimizer.step(this.adapter.tensors, result.gradients, {
      state: this.state,
      learningRate: TRAINING.learningRate,
      gradientFactor: mean * clipFactor(globalNorm(result.gradients) * mean, TRAINING.clip),
    });
    this.state = state;
    const before = this.digest;
    this.adapter = { ...this.adapter, tensors: parameters };
    await this.publish();
    if (before !== undefined) await this.engine.dropAdapter(before as GradientUnit['policy']);
    return result;
  }
}

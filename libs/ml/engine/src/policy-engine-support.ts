/** @file A small engine's adapters, rows and units; for this package's specs only. */
import { Rng, f32Tensor, present, type Digest, type F32Tensor } from '#core';
import { adapterDigest, initialLora, type Adapter, type LoraSpec } from '#ml/adapters';
import { goldenPath } from './golden-support.js';
import type {
  GenerateUnit,
  GeneratedSample,
  GradientUnit,
  PolicyEngine,
  PolicyRef,
  ScoreUnit,
  Weighting,
} from './index.js';

export const modelDir = goldenPath('models', 'llama-tied');
export const adapterCacheBytes = 64 * 2 ** 20;
export const EOS = 511;

const rng = new Rng('policy engine spec');
export const tokens = (count: number) => Array.from({ length: count }, () => rng.below(500));

export const spec: LoraSpec = {
  kind: 'lora',
  rank: 4,
  alpha: 8,
  rankStabilized: false,
  targetModules: ['down_proj', 'gate_proj', 'k_proj', 'o_proj', 'q_proj', 'up_proj', 'v_proj'],
};

/** What an engine says of itself. */
type Described = Pick<PolicyEngine, 'description'>;

/** A LoRA adapter whose update is not zero. */
export function randomLora(engine: Described, seed: number): Adapter {
  const noise = new Rng('lora', seed);
  const { tensors } = loraAtStart(engine);
  const moved = [...tensors].map(([name, { dims, data }]): [string, F32Tensor] => [
    name,
    f32Tensor(
      dims,
      data.map((value) => value + 0.05 * noise.normal()),
    ),
  ]);
  return { spec, tensors: new Map(moved) };
}

export function loraAtStart(engine: Described): Adapter {
  const base = new Map(engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
  return initialLora({ spec, base, seed: 1 });
}

export async function put(engine: PolicyEngine, adapter: Adapter): Promise<Digest> {
  const digest = adapterDigest(adapter);
  await engine.putAdapter(digest, adapter);
  return digest;
}

export async function sumsOf(engine: PolicyEngine, policy: PolicyRef, rows: ScoreUnit['rows']): Promise<number[][]> {
  const { rows: scored } = await engine.score({ policies: [policy], rows, includeTokenLogProbs: false });
  return scored.map((responses) => responses.map(({ sums }) => present(sums[0], 'sum')));
}

export async function collect(engine: PolicyEngine, unit: GenerateUnit): Promise<GeneratedSample[]> {
  const samples: GeneratedSample[] = [];
  await engine.generate(unit, (sample) => void samples.push(sample));
  return samples.sort((a, b) => a.rowIndex - b.rowIndex || a.sampleIndex - b.sampleIndex);
}

export const rows = [7, 3, 12, 1, 9].map((length, index) => ({
  prompt: tokens(length),
  responses: [tokens(4 + index), tokens(1), tokens(11 - index)],
}));

export const gradientRows = [5, 9, 2].map((length) => ({
  prompt: tokens(length),
  offline: { chosen: tokens(6), rejected: tokens(3) },
  online: { chosen: tokens(4), rejected: tokens(8) },
}));

export const metaLearner: Weighting = {
  kind: 'meta_learner',
  weights: {
    hiddenWeights: new Float32Array(100).fill(0.1),
    hiddenBiases: new Float32Array(100),
    outputWeights: new Float32Array(100).fill(0.1),
    outputBias: 0,
  },
};

export function gradientUnit(policy: Digest, changes: Partial<GradientUnit> = {}): GradientUnit {
  const objective = { loss: 'dpo', beta: 0.1, gamma: 0, inputBeta: 1 } as const;
  return { policy, reference: null, objective, weighting: metaLearner, rows: gradientRows, ...changes };
}

export function generateUnit(changes: Partial<GenerateUnit> = {}): GenerateUnit {
  return {
    policy: null,
    rows: [6, 1, 10].map((length, index) => ({ prompt: tokens(length), seed: BigInt(index) })),
    samplesPerPrompt: 3,
    sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: 12, stop: [] },
    ...changes,
  };
}

/** @file How much of the matrix peak scoring and training reach, counting only operations that the model needs. */
import { adapterDigest, initialLora } from '#ml/adapters';
import { openPolicyEngine, type GradientUnit, type PolicyEngine, type ScoreUnit } from '#ml/engine';
import { matrixPeak } from './matrix-peak.js';
import { fastestSeconds, type Measurement } from './measurement.js';
import { someTokens, type Setting } from './setting.js';
import { forwardFlops, type Shape } from './shapes.js';

const PROMPT_TOKENS = 64;
const RESPONSE_TOKENS = 96;
const ITEMS = 8;
const RUNS = 3;
const LORA = ['down_proj', 'gate_proj', 'k_proj', 'o_proj', 'q_proj', 'up_proj', 'v_proj'];

export async function computeRates({ shape, modelDir, threads }: Setting): Promise<Measurement[]> {
  const peak = await matrixPeak(shape, threads);
  const engine = await openPolicyEngine({ modelDir, intraOpThreads: threads, adapterCacheBytes: 2 ** 32 });
  try {
    const score = await scoreRate(engine, shape);
    const gradient = await gradientRate(engine, shape);
    return [
      { name: 'matrix peak of ONNX Runtime', value: peak / 1e9, unit: 'GFLOP/s' },
      { name: 'scoring', value: score.flopsPerSecond / 1e9, unit: 'GFLOP/s' },
      { name: 'scoring, share of the peak', value: score.flopsPerSecond / peak, unit: 'ratio' },
      { name: 'scoring', value: score.tokensPerSecond, unit: 'tokens/s' },
      { name: 'LoRA gradient with reference', value: gradient.flopsPerSecond / 1e9, unit: 'GFLOP/s' },
      { name: 'LoRA gradient, share of the peak', value: gradient.flopsPerSecond / peak, unit: 'ratio' },
      { name: 'LoRA gradient', value: gradient.tokensPerSecond, unit: 'tokens/s' },
    ];
  } finally {
    await engine.dispose();
  }
}

interface Rate {
  readonly flopsPerSecond: number;
  readonly tokensPerSecond: number;
}

/** Two responses per prompt; the prompt is computed once for both. */
async function scoreRate(engine: PolicyEngine, shape: Shape): Promise<Rate> {
  const unit: ScoreUnit = {
    policies: [null],
    rows: Array.from({ length: ITEMS }, (_, index) => ({
      prompt: someTokens(PROMPT_TOKENS, index),
      responses: [someTokens(RESPONSE_TOKENS, index + 100), someTokens(RESPONSE_TOKENS, index + 200)],
    })),
    includeTokenLogProbs: false,
  };
  const seconds = await fastestSeconds(RUNS, () => engine.score(unit));
  const responseTokens = 2 * RESPONSE_TOKENS;
  const flops = ITEMS * forwardFlops(shape, PROMPT_TOKENS + responseTokens, responseTokens);
  return { flopsPerSecond: flops / seconds, tokensPerSecond: (ITEMS * (PROMPT_TOKENS + responseTokens)) / seconds };
}

/**
 * DPO on an offline pair. Needed: the reference forward, the policy forward, and the gradient of the inputs of every
 * matrix; the frozen matrices need none of their own. The low-rank factors' gradients are small and not counted.
 */
async function gradientRate(engine: PolicyEngine, shape: Shape): Promise<Rate> {
  const base = new Map(engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
  const spec = { kind: 'lora', rank: 16, alpha: 32, rankStabilized: false, targetModules: LORA } as const;
  const adapter = initialLora({ spec, base, seed: 1 });
  const digest = adapterDigest(adapter);
  await engine.putAdapter(digest, adapter);
  const unit: GradientUnit = {
    policy: digest,
    reference: null,
    objective: { loss: 'dpo', beta: 0.1, gamma: 0, inputBeta: 1 },
    weighting: { kind: 'constant', weight: 1 },
    rows: Array.from({ length: ITEMS }, (_, index) => ({
      prompt: someTokens(PROMPT_TOKENS, index),
      offline: {
        chosen: someTokens(RESPONSE_TOKENS, index + 100),
        rejected: someTokens(RESPONSE_TOKENS, index + 200),
      },
    })),
  };
  let tokenCount = 0;
  const seconds = await fastestSeconds(RUNS, async () => {
    tokenCount = (await engine.gradient(unit)).tokenCount;
  });
  const responseTokens = 2 * RESPONSE_TOKENS;
  const flops = ITEMS * 3 * forwardFlops(shape, PROMPT_TOKENS + responseTokens, responseTokens);
  return { flopsPerSecond: flops / seconds, tokensPerSecond: tokenCount / seconds };
}

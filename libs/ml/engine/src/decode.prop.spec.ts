import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { ok } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present, Rng, f32Tensor } from '#core';
import { readModelConfig } from '#ml/checkpoint';
import { initialWeights } from '#ml/models';
import { writeTensors } from '#ml/tensor';
import { EngineCore, type GeneratedSample } from './index.js';

const configJson = {
  architectures: ['Qwen2ForCausalLM'],
  model_type: 'qwen2',
  hidden_act: 'silu',
  hidden_size: 24,
  intermediate_size: 40,
  max_position_embeddings: 64,
  num_attention_heads: 6,
  num_hidden_layers: 2,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-6,
  rope_theta: 1000,
  tie_word_embeddings: false,
  vocab_size: 40,
  eos_token_id: 39,
};

/** Weights large enough that tokens depend on each other. */
async function writeModel(dir: string): Promise<void> {
  await writeFile(join(dir, 'config.json'), JSON.stringify(configJson));
  const noise = new Rng('decode model');
  const tensors = [...initialWeights(await readModelConfig(dir), 1)].map(([name, { dims, data }]) => {
    const strong = data.map((value) => (name.includes('norm') ? value : value * 10 + 0.1 * noise.normal()));
    return [name, f32Tensor(dims, strong)] as const;
  });
  await writeTensors(join(dir, 'model.safetensors'), new Map(tensors));
}

describe('decoding with cached keys and values', () => {
  let dir: string;
  let engine: EngineCore;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'decode-'));
    await writeModel(dir);
    engine = await EngineCore.open({ modelDir: dir });
  });

  after(async () => {
    await engine.dispose();
    await rm(dir, { recursive: true });
  });

  it('gives every token the log-probability that a whole forward pass gives it', async () => {
    const unit = fc.record({
      prompts: fc.array(fc.array(fc.nat(38), { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 5 }),
      samplesPerPrompt: fc.integer({ min: 1, max: 3 }),
      maxNewTokens: fc.integer({ min: 1, max: 24 }),
    });
    const [base] = await engine.policiesOf([null]);
    const policy = present(base, 'base');
    await fc.assert(
      fc.asyncProperty(unit, async ({ prompts, samplesPerPrompt, maxNewTokens }) => {
        const samples: GeneratedSample[] = [];
        await engine.generate(
          {
            policy: null,
            rows: prompts.map((prompt, index) => ({ prompt, seed: BigInt(index) })),
            samplesPerPrompt,
            sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens, stop: [] },
          },
          policy,
          { proceed: async () => {}, emit: async (sample) => void samples.push(sample) },
        );
        ok(samples.length === prompts.length * samplesPerPrompt);
        const rows = samples.map(({ rowIndex, tokenIds, finishReason }) => ({
          prompt: present(prompts[rowIndex], 'prompt'),
          responses: [finishReason === 'stop_token' ? [...tokenIds, 39] : tokenIds],
        }));
        const unitToScore = { policies: [null], rows, includeTokenLogProbs: false };
        const scored = await engine.score(unitToScore, [policy], { proceed: async () => {} });
        samples.forEach(({ logProbSum }, index) => {
          const sum = present(scored.rows[index]?.[0]?.sums[0], 'sum');
          ok(Math.abs(sum - logProbSum) < 1e-3, `decoded ${logProbSum}, scored ${sum}`);
        });
      }),
      { numRuns: 25 },
    );
  });
});

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

const sizes = {
  hidden_size: 24,
  intermediate_size: 40,
  max_position_embeddings: 64,
  num_attention_heads: 6,
  num_hidden_layers: 2,
  num_key_value_heads: 2,
  head_dim: 4,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: false,
  vocab_size: 40,
  eos_token_id: 39,
};

/** One model without a window; with windows shorter and longer than prompts; and whatever else decodes differently. */
const models: Readonly<Record<string, object>> = {
  'Qwen 2': { architectures: ['Qwen2ForCausalLM'], rope_theta: 1000 },
  'Mistral, a window in every layer': { architectures: ['MistralForCausalLM'], sliding_window: 4 },
  'Mistral, the shortest window': { architectures: ['MistralForCausalLM'], sliding_window: 2 },
  'Gemma 3, one layer that slides': {
    architectures: ['Gemma3ForCausalLM'],
    sliding_window: 7,
    layer_types: ['sliding_attention', 'full_attention'],
  },
  'SmolLM3, one layer without rotation': {
    architectures: ['SmolLM3ForCausalLM'],
    no_rope_layer_interval: 2,
    use_sliding_window: true,
    sliding_window: 5,
  },
  'Phi-3, half of a head rotated': {
    architectures: ['Phi3ForCausalLM'],
    sliding_window: 9,
    rope_scaling: { rope_type: 'default', partial_rotary_factor: 0.5 },
  },
};

/** Weights large enough that tokens depend on each other. */
async function writeModel(dir: string, changes: object): Promise<void> {
  await writeFile(join(dir, 'config.json'), JSON.stringify({ ...sizes, ...changes }));
  const noise = new Rng('decode model');
  const tensors = [...initialWeights(await readModelConfig(dir), 1)].map(([name, { dims, data }]) => {
    const strong = data.map((value) => (name.includes('norm') ? value : value * 10 + 0.1 * noise.normal()));
    return [name, f32Tensor(dims, strong)] as const;
  });
  await writeTensors(join(dir, 'model.safetensors'), new Map(tensors));
}

for (const [name, config] of Object.entries(models)) describeDecoding(name, config);

function describeDecoding(model: string, config: object): void {
  describe(`decoding with cached keys and values: ${model}`, () => {
    let dir: string;
    let engine: EngineCore;

    before(async () => {
      dir = await mkdtemp(join(tmpdir(), 'decode-'));
      await writeModel(dir, config);
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
          samples.sort((a, b) => a.rowIndex - b.rowIndex);
          // All samples of a prompt in one row, so that they share it.
          const rows = prompts.map((prompt, row) => ({
            prompt,
            responses: samples
              .filter(({ rowIndex }) => rowIndex === row)
              .map(({ tokenIds, finishReason }) => (finishReason === 'stop_token' ? [...tokenIds, 39] : tokenIds)),
          }));
          const unitToScore = { policies: [null], rows, includeTokenLogProbs: false };
          const scored = await engine.score(unitToScore, [policy], { proceed: async () => {} });
          const sums = scored.rows.flat().map((response) => response.sums[0]);
          samples.forEach(({ logProbSum }, index) => {
            const sum = present(sums[index], 'sum');
            ok(Math.abs(sum - logProbSum) < 1e-3, `decoded ${logProbSum}, scored ${sum}`);
          });
        }),
        { numRuns: 10 },
      );
    });
  });
}

import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { Rng, f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { ARCHITECTURES, modelTensors, parseModelConfig, type Architecture } from '#ml/checkpoint';
import { initialWeights } from '#ml/models';
import { adamW } from '#ml/optim';
import { LanguageModelTrainer } from './index.js';

const sizes = {
  vocab_size: 32,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 24,
  rms_norm_eps: 1e-5,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
  bos_token_id: 0,
  eos_token_id: 1,
};
const configOf = (changes: object) => parseModelConfig('config.json', { ...sizes, ...changes });
const config = configOf({ architectures: ['LlamaForCausalLM'] });

/** Settings that bring out what a family has of its own. */
const peculiarities: { readonly [A in Architecture]: object } = {
  LlamaForCausalLM: {},
  MistralForCausalLM: { sliding_window: 3 },
  Qwen2ForCausalLM: { use_sliding_window: true, sliding_window: 3, max_window_layers: 1 },
  Qwen3ForCausalLM: { head_dim: 8 },
  Gemma3ForCausalLM: { head_dim: 8, sliding_window: 3, sliding_window_pattern: 2 },
  SmolLM3ForCausalLM: { no_rope_layer_interval: 2 },
  Olmo2ForCausalLM: {},
  Phi3ForCausalLM: { rope_scaling: { rope_type: 'default', partial_rotary_factor: 0.5 } },
};

function randomRows(count: number, length: number): number[][] {
  const rng = new Rng('rows');
  return Array.from({ length: count }, () => Array.from({ length }, () => rng.below(config.vocabularySize)));
}

describe('the language-model trainer', () => {
  let trainer: LanguageModelTrainer;

  before(async () => {
    trainer = await LanguageModelTrainer.open({ config, microBatchTokensMax: 32 });
  });

  after(async () => trainer.dispose());

  it('starts near the loss of guessing', async () => {
    const { loss, tokenCount } = await trainer.step(initialWeights(config, 1), randomRows(6, 9));
    equal(tokenCount, 48);
    ok(Math.abs(loss - Math.log(32)) < 0.1, `loss ${loss}`);
  });

  it('gives every weight a gradient of its shape, in the order of the model', async () => {
    const { gradients } = await trainer.step(initialWeights(config, 1), randomRows(2, 9));
    deepEqual(
      [...gradients].map(([name, { dims }]) => ({ name, dims })),
      modelTensors(config),
    );
  });

  it('does not depend on how rows are cut into micro-batches', async () => {
    const whole = await LanguageModelTrainer.open({ config, microBatchTokensMax: 4096 });
    const weights = initialWeights(config, 3);
    const rows = randomRows(5, 12);
    const [cut, together] = [await trainer.step(weights, rows), await whole.step(weights, rows)];
    await whole.dispose();
    ok(Math.abs(cut.loss - together.loss) < 1e-5);
    for (const [name, { data }] of together.gradients) {
      const other = present(cut.gradients.get(name), name).data;
      data.forEach((value, i) => ok(Math.abs(value - other[i]!) < 1e-5, name));
    }
  });

  it('learns a text by heart', async () => {
    const rows = randomRows(2, 9);
    const optimizer = adamW();
    let weights: TensorMap = initialWeights(config, 4);
    let state = optimizer.init(weights);
    for (let i = 0; i < 80; i++) {
      const { gradients } = await trainer.step(weights, rows);
      ({ parameters: weights, state } = optimizer.step(weights, gradients, { state, learningRate: 1e-2 }));
    }
    const loss = await trainer.loss(weights, rows);
    ok(loss < 0.2, `loss ${loss}`);
  });

  it('refuses a row without a token to predict', async () => {
    await rejects(trainer.step(initialWeights(config, 1), [[3]]), { code: 'UNIT_INVALID' });
  });
});

describe('the language-model trainer, family by family', () => {
  for (const architecture of ARCHITECTURES) {
    it(`agrees with finite differences along the gradient of every weight: ${architecture}`, async () => {
      const own = configOf({ architectures: [architecture], ...peculiarities[architecture] });
      const trainer = await LanguageModelTrainer.open({ config: own, microBatchTokensMax: 32 });
      const rows = randomRows(3, 9);
      const weights = spread(initialWeights(own, 2));
      const { gradients } = await trainer.step(weights, rows);
      deepEqual([...gradients.keys()], [...weights.keys()]);
      const squaredNorm = [...gradients.values()].reduce(
        (sum, { data }) => sum + data.reduce((s, g) => s + g * g, 0),
        0,
      );
      const step = 2e-3 / Math.sqrt(squaredNorm);
      const up = await trainer.loss(moved(weights, gradients, step), rows);
      const down = await trainer.loss(moved(weights, gradients, -step), rows);
      await trainer.dispose();
      const slope = (up - down) / (2 * step);
      ok(Math.abs(slope - squaredNorm) < 2e-3 * squaredNorm, `slope ${slope}, expected ${squaredNorm}`);
    });
  }
});

/** Larger weights, so that no part of the gradient is near zero. */
function spread(weights: TensorMap): TensorMap {
  return new Map(
    [...weights].map(([name, { dims, data }]) => [
      name,
      name.includes('norm')
        ? f32Tensor(dims, data)
        : f32Tensor(
            dims,
            data.map((value) => value * 8),
          ),
    ]),
  );
}

function moved(weights: TensorMap, along: TensorMap, step: number): TensorMap {
  return new Map(
    [...weights].map(([name, { dims, data }]): [string, F32Tensor] => {
      const direction = present(along.get(name), name).data;
      return [
        name,
        f32Tensor(
          dims,
          data.map((value, i) => value + step * direction[i]!),
        ),
      ];
    }),
  );
}

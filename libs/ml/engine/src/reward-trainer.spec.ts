/** Goal: rewards are those of the classifier that serves, and gradients are the derivative, however pairs are laid out. */
import { describe, it } from 'node:test';
import { equal, ok, rejects } from 'node:assert/strict';
import { Rng, f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { initialLora, shapesOf, type AdapterSpec } from '#ml/adapters';
import { parseModelConfig } from '#ml/checkpoint';
import { initialWeights } from '#ml/models';
import {
  CLASSIFIER_HEAD,
  RewardTrainer,
  SequenceClassifier,
  type RewardPair,
  type RewardTrainerOptions,
} from './index.js';

const config = parseModelConfig('config.json', {
  architectures: ['Qwen2ForCausalLM'],
  vocab_size: 32,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
  bos_token_id: 0,
  eos_token_id: 1,
});
const backbone: TensorMap = scaled(initialWeights(config, 3), 10);
const LORA: AdapterSpec = {
  kind: 'lora',
  rank: 2,
  alpha: 4,
  rankStabilized: false,
  targetModules: ['down_proj', 'gate_proj', 'k_proj', 'o_proj', 'q_proj', 'up_proj', 'v_proj'],
};
const free = { proceed: async () => {} };

function scaled(tensors: TensorMap, factor: number): TensorMap {
  const isMatrix = ({ dims }: F32Tensor) => dims.length > 1;
  return new Map(
    [...tensors].map(([name, tensor]) => [
      name,
      isMatrix(tensor)
        ? f32Tensor(
            tensor.dims,
            tensor.data.map((value) => factor * value),
          )
        : tensor,
    ]),
  );
}

function randomPairs(count: number): RewardPair[] {
  const rng = new Rng('reward pairs');
  const ids = (length: number) => Array.from({ length }, () => 2 + rng.below(30));
  return Array.from({ length: count }, () => {
    const prompt = ids(1 + rng.below(6));
    const response = () => [...prompt, ...ids(1 + rng.below(8))];
    return { chosen: response(), rejected: response(), margin: rng.normal() };
  });
}

/** What is trained, moved off its start so that no gradient is zero for want of a B. */
function trainedOf(spec: AdapterSpec): TensorMap {
  const noise = new Rng('noise');
  const own = spec.kind === 'full' ? backbone : initialLora({ spec, base: shapesOf(backbone), seed: 1 }).tensors;
  const head = f32Tensor([1, 16], new Float32Array(16));
  return new Map(
    [...own, [CLASSIFIER_HEAD, head] as const].map(([name, { dims, data }]) => [
      name,
      f32Tensor(
        dims,
        data.map((value) => value + 0.1 * noise.normal()),
      ),
    ]),
  );
}

async function opened<T>(
  options: Partial<RewardTrainerOptions>,
  use: (trainer: RewardTrainer) => Promise<T>,
): Promise<T> {
  const trainer = await RewardTrainer.open({ config, backbone, spec: LORA, centerRewardsCoefficient: 0.1, ...options });
  try {
    return await use(trainer);
  } finally {
    await trainer.dispose();
  }
}

function worstDifference(a: TensorMap, b: TensorMap): number {
  equal([...a.keys()].join(), [...b.keys()].join());
  let worst = 0;
  for (const [name, { data }] of a) {
    const other = present(b.get(name), name).data;
    data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - other[i]!))));
  }
  return worst;
}

describe('the reward trainer', () => {
  it('gives the rewards that the classifier gives, for pairs in one piece and in two', async () => {
    const pairs = randomPairs(7);
    const trained = trainedOf({ kind: 'full' });
    const head = present(trained.get(CLASSIFIER_HEAD), 'head');
    const settings = { config, backbone: trained, head, intraOpThreads: 1, executionProvider: 'cpu' };
    const classifier = await SequenceClassifier.create(settings);
    const served = async (tokenIds: readonly number[]): Promise<number> => {
      const [logits] = await classifier.logits([{ tokenIds, readAt: tokenIds.length - 1 }]);
      return present(logits?.[0], 'logit');
    };
    for (const treeTokensMax of [1, 64]) {
      await opened({ spec: { kind: 'full' }, treeTokensMax }, async (trainer) => {
        const rewards = await trainer.rewards(await trainer.weightsOf(trained), pairs, free);
        for (const [index, { chosen, rejected }] of pairs.entries()) {
          ok(Math.abs(present(rewards[index], 'pair').chosen - (await served(chosen))) < 1e-5);
          ok(Math.abs(present(rewards[index], 'pair').rejected - (await served(rejected))) < 1e-5);
        }
      });
    }
    await classifier.dispose();
  });

  for (const spec of [LORA, { kind: 'full' }] as const) {
    it(`agrees with finite differences along the gradient: ${spec.kind}`, async () => {
      const pairs = randomPairs(5);
      const trained = trainedOf(spec);
      await opened({ spec }, async (trainer) => {
        const lossAt = async (tensors: TensorMap): Promise<number> => {
          const { rows } = await trainer.step(await trainer.weightsOf(tensors), pairs, free);
          return rows.reduce((sum, { loss }) => sum + loss, 0) / rows.length;
        };
        const { gradients } = await trainer.step(await trainer.weightsOf(trained), pairs, free);
        equal([...gradients.keys()].join(), [...trained.keys()].join());
        const squaredNorm = [...gradients.values()].reduce(
          (sum, { data }) => sum + data.reduce((s, g) => s + g * g, 0),
          0,
        );
        const step = 3e-3 / Math.sqrt(squaredNorm);
        const moved = (by: number): TensorMap =>
          new Map(
            [...trained].map(([name, { dims, data }]) => {
              const gradient = present(gradients.get(name), name).data;
              return [
                name,
                f32Tensor(
                  dims,
                  data.map((value, i) => value + by * gradient[i]!),
                ),
              ];
            }),
          );
        const slope = ((await lossAt(moved(step))) - (await lossAt(moved(-step)))) / (2 * step);
        ok(Math.abs(slope / squaredNorm - 1) < 3e-3, `slope ${slope}, expected ${squaredNorm}`);
      });
    });

    it(`does not depend on how pairs are cut and laid out: ${spec.kind}`, async () => {
      const pairs = randomPairs(6);
      const trained = trainedOf(spec);
      const stepOf = async (treeTokensMax: number) => {
        return await opened({ spec, treeTokensMax }, async (trainer) => {
          return await trainer.step(await trainer.weightsOf(trained), pairs, free);
        });
      };
      const [whole, parted, mixed] = [await stepOf(64), await stepOf(1), await stepOf(14)];
      for (const other of [parted, mixed]) {
        ok(worstDifference(whole.gradients, other.gradients) < 2e-5);
        whole.rows.forEach((row, i) => ok(Math.abs(row.loss - present(other.rows[i], 'row').loss) < 1e-5));
      }
      ok(whole.tokenCount < parted.tokenCount, 'a shared beginning goes through the model once');
    });
  }

  it('gives the same bits for the same batch', async () => {
    const pairs = randomPairs(4);
    const trained = trainedOf(LORA);
    await opened({}, async (trainer) => {
      const [a, b] = [
        await trainer.step(await trainer.weightsOf(trained), pairs, free),
        await trainer.step(await trainer.weightsOf(trained), pairs, free),
      ];
      equal(worstDifference(a.gradients, b.gradients), 0);
    });
  });

  it('refuses a batch without pairs, a layer that it cannot train, and weights that are no numbers', async () => {
    const trained = trainedOf(LORA);
    await opened({}, async (trainer) => {
      await rejects(trainer.step(await trainer.weightsOf(trained), [], free), { code: 'UNIT_INVALID' });
      const broken = new Map(trained).set(CLASSIFIER_HEAD, f32Tensor([1, 16], new Float32Array(16).fill(Number.NaN)));
      await rejects(trainer.step(await trainer.weightsOf(broken), randomPairs(1), free), {
        code: 'GRADIENT_NOT_FINITE',
      });
    });
    const spec = { ...LORA, targetModules: ['no_such_proj'] };
    await rejects(
      opened({ spec }, async () => {}),
      { code: 'ADAPTER_INVALID', message: /no_such_proj/ },
    );
  });
});

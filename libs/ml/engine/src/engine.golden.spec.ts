import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { adapterDigest, readPeftFolder, type Adapter } from '#ml/adapters';
import { openCheckpoint } from '#ml/checkpoint';
import { present, type Digest, type F32Tensor } from '#core';
import { readF32Tensors } from '#ml/tensor';
import { EngineCore, type GeneratedSample, type LossKind, type PairValues } from './index.js';
import {
  CaseTensors,
  SKIP_WITHOUT_GOLDEN as skip,
  caseJson,
  goldenPath,
  goldenRows,
  maxAbsDifference,
} from './golden-support.js';

interface Tolerance {
  readonly abs: number;
}

interface ForwardCase {
  readonly tolerance: { readonly logits: Tolerance; readonly token_logps: Tolerance; readonly sum_logps: Tolerance };
  readonly batches: { readonly [batch: string]: { readonly sum_logps: readonly number[] } };
}

const unhurried = { proceed: async () => {} };

for (const model of ['llama-tied', 'llama-rope3', 'qwen2']) {
  describe(`the engine with the golden model ${model}`, { skip }, () => {
    let engine: EngineCore;

    before(async () => {
      engine = await EngineCore.open({ modelDir: goldenPath('models', model) });
    });

    after(async () => engine.dispose());

    it('computes the logits of every position', async () => {
      const { tolerance, batches } = caseJson<ForwardCase>(`forward-${model}`);
      const tensors = await CaseTensors.read(`forward-${model}`, 'tensors.safetensors');
      for (const batch of Object.keys(batches)) {
        const rows = goldenRows(tensors, batch);
        const [, length = 0, vocabulary = 0] = tensors.dims(`${batch}.logits`);
        const expected = tensors.numbers(`${batch}.logits`);
        const logits = await engine.logits(rows.map(({ ids }) => ids));
        rows.forEach(({ ids, start }, row) => {
          const first = (row * length + start) * vocabulary;
          const difference = maxAbsDifference(
            present(logits[row], 'logits'),
            expected.slice(first, first + ids.length * vocabulary),
          );
          ok(difference <= tolerance.logits.abs, `${batch} row ${row}: logits off by ${difference}`);
        });
      }
    });

    it('computes the log-probabilities of responses', async () => {
      const { tolerance, batches } = caseJson<ForwardCase>(`forward-${model}`);
      const tensors = await CaseTensors.read(`forward-${model}`, 'tensors.safetensors');
      for (const [batch, { sum_logps: sums }] of Object.entries(batches)) {
        const rows = goldenRows(tensors, batch);
        const result = await engine.score(
          {
            policies: [null],
            rows: rows.map(({ prompt, response }) => ({ prompt, responses: [response] })),
            includeTokenLogProbs: true,
          },
          await engine.policiesOf([null]),
          unhurried,
        );
        const completion = tensors.rows(`${batch}.completion_mask`);
        tensors.rows(`${batch}.token_logps`).forEach((row, index) => {
          const expected = row.filter((_, column) => completion[index]?.[column] === 1);
          const [scored] = present(result.rows[index], 'row');
          const tokens = maxAbsDifference(present(scored?.tokens?.[0], 'tokens'), expected);
          ok(tokens <= tolerance.token_logps.abs, `${batch} row ${index}: tokens off by ${tokens}`);
          const sum = Math.abs(present(scored?.sums[0], 'sum') - present(sums[index], 'sum'));
          ok(sum <= tolerance.sum_logps.abs, `${batch} row ${index}: sum off by ${sum}`);
        });
      }
    });

    it('decodes greedily to the golden ids', async () => {
      const {
        runs,
        max_new_tokens: maxNewTokens,
        eos_token_id: eosTokenId,
      } = caseJson<{
        readonly runs: readonly { readonly prompt_ids: readonly number[]; readonly new_ids: readonly number[] }[];
        readonly max_new_tokens: number;
        readonly eos_token_id: number;
      }>(`generate-${model}`);
      const samples: GeneratedSample[] = [];
      const [policy] = await engine.policiesOf([null]);
      await engine.generate(
        {
          policy: null,
          rows: runs.map(({ prompt_ids: prompt }) => ({ prompt, seed: 0n })),
          samplesPerPrompt: 2,
          sampling: { temperature: 0, topK: 0, topP: 1, maxNewTokens, stop: [] },
        },
        present(policy, 'base'),
        { ...unhurried, emit: async (sample) => void samples.push(sample) },
      );
      equal(samples.length, 2 * runs.length);
      for (const { rowIndex, tokenIds, finishReason } of samples) {
        const got = finishReason === 'stop_token' ? [...tokenIds, eosTokenId] : tokenIds;
        deepEqual(got, runs[rowIndex]?.new_ids);
      }
    });
  });
}

interface GradientCase {
  readonly model: string;
  readonly adapter?: string;
  readonly reference: string;
  readonly tolerance: {
    readonly [run: string]: {
      readonly [quantity: string]: Tolerance;
    } & { readonly gradients?: { readonly relative_all: number; readonly relative_worst_tensor: number } };
  };
  readonly runs: readonly {
    readonly name: string;
    readonly loss: {
      readonly kind: string;
      readonly beta: number;
      readonly gamma: number;
      readonly input_beta: number;
      readonly fixed_w: number | null;
    };
    readonly policy_logps: { readonly [kind: string]: readonly number[] };
    readonly result: { readonly [quantity: string]: readonly number[] } & { readonly loss: number };
    readonly gradients?: string;
  }[];
}

const LOSS_KINDS: { readonly [kind: string]: LossKind } = {
  dpo: 'dpo',
  ipo: 'ipo',
  ipo_avg: 'ipo_average',
  simpo: 'simpo',
};

for (const name of ['llama-tied', 'qwen2'].flatMap((model) =>
  ['full', 'lora', 'rslora'].map((mode) => `${model}-${mode}`),
)) {
  it(`gradients-${name}: statistics and gradients of every loss`, { skip }, async () => {
    const golden = caseJson<GradientCase>(`gradients-${name}`);
    const base = name.replace(/-(full|lora|rslora)$/, '');
    const full = name.endsWith('-full');
    const engine = await EngineCore.open({ modelDir: goldenPath('models', base) });
    try {
      const baseShapes = new Map(engine.description.baseTensors.map(({ name: tensor, dims }) => [tensor, dims]));
      const adapterOf = async (path: string): Promise<Adapter> =>
        full
          ? { spec: { kind: 'full' }, tensors: (await openCheckpoint(goldenPath(path))).tensors }
          : readPeftFolder(goldenPath(path), baseShapes);
      const put = async (adapter: Adapter): Promise<Digest> => {
        const digest = adapterDigest(adapter);
        await engine.putAdapter(digest, adapter);
        return digest;
      };
      const policy = await put(await adapterOf(full ? `models/${base}` : `adapters/${name}`));
      const reference = full ? await put(await adapterOf(`models/${base}-ref`)) : null;
      const inputs = await CaseTensors.read(`gradients-${name}`, 'inputs.safetensors');
      const kinds = ['chosen', 'rejected', 'online_chosen', 'online_rejected'].map((kind) => goldenRows(inputs, kind));
      const rows = Array.from({ length: 4 }, (_, row) => {
        const [chosen, rejected, onlineChosen, onlineRejected] = kinds.map((kind) => present(kind[row], 'row')) as [
          (typeof kinds)[0][0],
          (typeof kinds)[0][0],
          (typeof kinds)[0][0],
          (typeof kinds)[0][0],
        ];
        return {
          prompt: chosen.prompt,
          offline: { chosen: chosen.response, rejected: rejected.response },
          online: { chosen: onlineChosen.response, rejected: onlineRejected.response },
        };
      });
      for (const run of golden.runs) await checkRun(run);

      async function checkRun(run: GradientCase['runs'][number]): Promise<void> {
        const { loss, result } = run;
        const tolerance = present(golden.tolerance[run.name], run.name);
        const [policyHeld, referenceHeld] = await engine.policiesOf([policy, reference]);
        const got = await engine.gradient(
          {
            policy,
            reference,
            objective: {
              loss: present(LOSS_KINDS[loss.kind], loss.kind),
              beta: loss.beta,
              gamma: loss.gamma,
              inputBeta: loss.input_beta,
            },
            weighting:
              loss.fixed_w === null
                ? {
                    kind: 'meta_learner',
                    weights: {
                      hiddenWeights: new Float32Array(100).fill(0.1),
                      hiddenBiases: new Float32Array(100),
                      outputWeights: new Float32Array(100).fill(0.1),
                      outputBias: 0,
                    },
                  }
                : { kind: 'constant', weight: loss.fixed_w },
            rows,
          },
          { policy: present(policyHeld, 'policy'), reference: present(referenceHeld, 'reference') },
          unhurried,
        );
        const near = (quantity: string, values: readonly number[], expected: readonly number[]) => {
          const difference = maxAbsDifference(values, expected);
          const abs = present(tolerance[quantity], quantity).abs;
          ok(difference <= abs, `${run.name}: ${quantity} off by ${difference}, allowed ${abs}`);
        };
        const side = (pick: (row: (typeof got.rows)[number]) => PairValues | undefined, which: keyof PairValues) =>
          got.rows.map((row) => present(pick(row)?.[which], which));
        near(
          'logps',
          side((row) => row.policyOffline, 'chosen'),
          present(run.policy_logps['chosen'], 'chosen'),
        );
        near(
          'logps',
          side((row) => row.policyOffline, 'rejected'),
          present(run.policy_logps['rejected'], 'rejected'),
        );
        near(
          'logps',
          side((row) => row.policyOnline, 'chosen'),
          present(run.policy_logps['online_chosen'], 'chosen'),
        );
        near(
          'logps',
          side((row) => row.policyOnline, 'rejected'),
          present(run.policy_logps['online_rejected'], 'r'),
        );
        near(
          'ell_off',
          got.rows.map((row) => present(row.ellOff, 'ellOff')),
          present(result['ell_off'], 'ell_off'),
        );
        near(
          'ell_on',
          got.rows.map((row) => present(row.ellOn, 'ellOn')),
          present(result['ell_on'], 'ell_on'),
        );
        near(
          's',
          got.rows.map((row) => present(row.score, 's')),
          present(result['s'], 's'),
        );
        near(
          'w',
          got.rows.map((row) => row.weight),
          present(result['w'], 'w'),
        );
        near('loss', [got.lossSum / rows.length], [result.loss]);
        if (run.gradients !== undefined && tolerance.gradients) {
          const expected = await readF32Tensors(goldenPath('cases', `gradients-${name}`, run.gradients));
          deepEqual([...got.gradients.keys()], [...expected.keys()].sort());
          const { all, worst } = relativeDifferences(got.gradients, expected, rows.length);
          ok(all <= tolerance.gradients.relative_all, `${run.name}: gradients off by ${all}`);
          ok(worst <= tolerance.gradients.relative_worst_tensor, `${run.name}: worst gradient off by ${worst}`);
        }
      }
    } finally {
      await engine.dispose();
    }
  });
}

/** ‖ours − golden‖ / ‖golden‖, over all tensors and for the worst; ours is a sum, the golden a mean. */
function relativeDifferences(
  ours: ReadonlyMap<string, F32Tensor>,
  golden: ReadonlyMap<string, F32Tensor>,
  count: number,
) {
  let [difference, norm, worst] = [0, 0, 0];
  for (const [name, { data }] of golden) {
    const { data: sum } = present(ours.get(name), name);
    let [tensorDifference, tensorNorm] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      tensorDifference += (sum[i]! / count - data[i]!) ** 2;
      tensorNorm += data[i]! ** 2;
    }
    difference += tensorDifference;
    norm += tensorNorm;
    if (tensorNorm > 0) worst = Math.max(worst, Math.sqrt(tensorDifference / tensorNorm));
  }
  return { all: Math.sqrt(difference / norm), worst };
}

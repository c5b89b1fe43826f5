import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { f32Tensor, present, type Digest } from '#core';
import { mergeAdapter } from '#ml/adapters';
import { openCheckpoint } from '#ml/checkpoint';
import { ChatTokenizer } from '#ml/tokenizer';
import { SKIP_WITHOUT_GOLDEN as skip, maxAbsDifference } from './golden-support.js';
import {
  EOS,
  adapterCacheBytes,
  collect,
  generateUnit,
  gradientRows,
  gradientUnit,
  loraAtStart,
  modelDir,
  put,
  randomLora,
  rows,
  spec,
  sumsOf,
  tokens,
} from './policy-engine-support.js';
import { openPolicyEngine, type GradientResult, type PolicyEngine, type Weighting } from './index.js';

describe('the policy engine', { skip }, () => {
  let engine: PolicyEngine;

  before(async () => {
    engine = await openPolicyEngine({ modelDir, adapterCacheBytes });
  });

  after(async () => engine.dispose());

  it('describes its model', () => {
    const { architecture, contextTokensMax, vocabularySize, executionProvider } = engine.description;
    deepEqual(
      { architecture, contextTokensMax, vocabularySize, executionProvider },
      { architecture: 'LlamaForCausalLM', contextTokensMax: 256, vocabularySize: 512, executionProvider: 'cpu' },
    );
  });

  it('scores a batch as each row alone', async () => {
    const together = await sumsOf(engine, null, rows);
    for (const [index, row] of rows.entries()) {
      const [alone] = await sumsOf(engine, null, [row]);
      ok(maxAbsDifference(present(together[index], 'row'), present(alone, 'row')) < 1e-4);
    }
  });

  it('scores a response beside others as by itself', async () => {
    const together = await sumsOf(engine, null, rows);
    const separate = rows.flatMap(({ prompt, responses }) =>
      responses.map((response) => ({ prompt, responses: [response] })),
    );
    ok(maxAbsDifference(together.flat(), (await sumsOf(engine, null, separate)).flat()) < 1e-4);
  });

  it('permutes scores when rows are permuted', async () => {
    const order = [3, 0, 4, 2, 1];
    const straight = await sumsOf(engine, null, rows);
    const permuted = await sumsOf(
      engine,
      null,
      order.map((index) => present(rows[index], 'row')),
    );
    const expected = order.map((index) => present(straight[index], 'row'));
    ok(maxAbsDifference(permuted.flat(), expected.flat()) < 1e-4);
  });

  it('scores units of several micro-batches, and rows longer than one, like the rows alone', async () => {
    const long = Array.from({ length: 12 }, () => ({
      prompt: tokens(100),
      responses: Array.from({ length: 8 }, () => tokens(130)),
    }));
    const together = await sumsOf(engine, null, long);
    const [alone] = await sumsOf(engine, null, long.slice(11));
    ok(maxAbsDifference(present(together[11], 'row'), present(alone, 'row')) < 1e-3);
  });

  it('scores a tree with more tokens than its positions reach', async () => {
    const row = { prompt: tokens(20), responses: Array.from({ length: 8 }, () => tokens(90)) };
    const [together] = await sumsOf(engine, null, [row]);
    const apart = row.responses.map((response) => ({ prompt: row.prompt, responses: [response] }));
    ok(maxAbsDifference(present(together, 'row'), (await sumsOf(engine, null, apart)).flat()) < 1e-3);
  });

  it('gives the same bits for the same unit, whatever came between', async () => {
    const policy = await put(engine, randomLora(engine, 1));
    const first = { scores: await sumsOf(engine, policy, rows), gradient: await engine.gradient(gradientUnit(policy)) };
    await collect(engine, generateUnit());
    const second = {
      scores: await sumsOf(engine, policy, rows),
      gradient: await engine.gradient(gradientUnit(policy)),
    };
    deepEqual(second.scores, first.scores);
    deepEqual(second.gradient.rows, first.gradient.rows);
    deepEqual(second.gradient.gradients, first.gradient.gradients);
  });

  it('scores a LoRA adapter at its start like the base', async () => {
    const policy = await put(engine, loraAtStart(engine));
    deepEqual(await sumsOf(engine, policy, rows), await sumsOf(engine, null, rows));
  });

  it('scores a LoRA adapter like the weights merged in float64', async () => {
    const adapter = randomLora(engine, 2);
    const { tensors } = await openCheckpoint(modelDir);
    const merged = await put(engine, { spec: { kind: 'full' }, tensors: mergeAdapter(tensors, adapter) });
    const policy = await put(engine, adapter);
    const got = await sumsOf(engine, policy, rows);
    ok(maxAbsDifference(got.flat(), (await sumsOf(engine, merged, rows)).flat()) < 1e-3);
    ok(maxAbsDifference(got.flat(), (await sumsOf(engine, null, rows)).flat()) > 0.1);
  });

  it('takes the gradient of a sum as the sum of gradients', async () => {
    const policy = await put(engine, randomLora(engine, 3));
    const whole = await engine.gradient(gradientUnit(policy));
    const parts = [];
    for (const row of gradientRows) parts.push(await engine.gradient(gradientUnit(policy, { rows: [row] })));
    ok(Math.abs(whole.lossSum - parts.reduce((sum, { lossSum }) => sum + lossSum, 0)) < 1e-5);
    for (const [name, { data }] of whole.gradients) {
      const sum = new Float32Array(data.length);
      for (const { gradients } of parts)
        present(gradients.get(name), name).data.forEach((value, i) => (sum[i]! += value));
      ok(maxAbsDifference(data, sum) < 1e-5, name);
    }
  });

  it('takes the gradient of several micro-batches as the sum of theirs', async () => {
    const policy = await put(engine, randomLora(engine, 3));
    const long = Array.from({ length: 8 }, (_, index) => ({
      prompt: tokens(30 + index),
      offline: { chosen: tokens(60), rejected: tokens(40 + index) },
      online: { chosen: tokens(70 - index), rejected: tokens(50) },
    }));
    const whole = await engine.gradient(gradientUnit(policy, { rows: long }));
    const parts: GradientResult[] = [];
    for (const row of long) parts.push(await engine.gradient(gradientUnit(policy, { rows: [row] })));
    whole.rows.forEach(({ loss }, index) => ok(Math.abs(loss - present(parts[index], 'part').lossSum) < 1e-4));
    for (const [name, { data }] of whole.gradients) {
      const sum = data.map((_, i) => parts.reduce((s, part) => s + part.gradients.get(name)!.data[i]!, 0));
      const scale = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      ok(maxAbsDifference(data, sum) <= 1e-4 * scale, `${name}: ${maxAbsDifference(data, sum)} of ${scale}`);
    }
  });

  it('agrees between weightings that give the same weights', async () => {
    const policy = await put(engine, randomLora(engine, 3));
    const live = await engine.gradient(gradientUnit(policy));
    const given: Weighting = { kind: 'per_item', weights: live.rows.map(({ weight }) => weight) };
    const fixed = await engine.gradient(gradientUnit(policy, { weighting: given }));
    for (const [name, { data }] of live.gradients) {
      ok(maxAbsDifference(data, present(fixed.gradients.get(name), name).data) < 1e-6, name);
    }
    const sigmoid = await engine.gradient(gradientUnit(policy, { weighting: { kind: 'sigmoid' } }));
    for (const { weight, score = Number.NaN } of sigmoid.rows) ok(Math.abs(weight - 1 / (1 + Math.exp(-score))) < 1e-6);
  });

  it('needs no online pair where the offline one has all the weight', async () => {
    const policy = await put(engine, randomLora(engine, 3));
    const weighting: Weighting = { kind: 'constant', weight: 1 };
    const both = await engine.gradient(gradientUnit(policy, { weighting }));
    const offlineOnly = gradientRows.map(({ prompt, offline }) => ({ prompt, offline }));
    const one = await engine.gradient(gradientUnit(policy, { weighting, rows: offlineOnly }));
    ok(Math.abs(both.lossSum - one.lossSum) < 1e-5);
    equal(one.rows[0]?.policyOnline, undefined);
    for (const [name, { data }] of both.gradients) {
      ok(maxAbsDifference(data, present(one.gradients.get(name), name).data) < 1e-5, name);
    }
    await rejects(engine.gradient(gradientUnit(policy, { rows: offlineOnly })), { code: 'UNIT_INVALID' });
  });

  it('samples with the log-probabilities that scoring gives', async () => {
    const unit = generateUnit({ sampling: { temperature: 0.8, topK: 40, topP: 0.95, maxNewTokens: 12, stop: [] } });
    const samples = await collect(engine, unit);
    equal(samples.length, 9);
    for (const { rowIndex, tokenIds, finishReason, logProbSum } of samples) {
      const response = finishReason === 'stop_token' ? [...tokenIds, EOS] : [...tokenIds];
      const prompt = present(unit.rows[rowIndex], 'row').prompt;
      const [[scored = Number.NaN] = []] = await sumsOf(engine, null, [{ prompt, responses: [response] }]);
      ok(Math.abs(scored - logProbSum) < 1e-3, `sampled ${logProbSum}, scored ${scored}`);
    }
  });

  it('draws a sample from its seed, whatever stands beside it', async () => {
    const unit = generateUnit();
    const all = await collect(engine, unit);
    deepEqual(await collect(engine, unit), all);
    const alone = await collect(engine, { ...unit, rows: unit.rows.slice(2) });
    deepEqual(
      alone.map(({ tokenIds }) => tokenIds),
      all.filter(({ rowIndex }) => rowIndex === 2).map(({ tokenIds }) => tokenIds),
    );
  });

  it('ends a sample before a stop text and streams no token of it', async () => {
    const tokenizer = await ChatTokenizer.load(modelDir);
    const unit = generateUnit();
    const textOf = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecial: true });
    const free = await collect(engine, unit);
    const characters = Array.from(textOf(present(free[0], 'sample').tokenIds).replaceAll('\uFFFD', ''));
    const stop = present(characters[4], 'a character to stop at');
    const stopped = await collect(engine, { ...unit, sampling: { ...unit.sampling, stop: [stop] } });
    for (const [index, { tokenIds, finishReason }] of stopped.entries()) {
      const whole = present(free[index], 'sample');
      ok(!textOf(tokenIds).includes(stop));
      deepEqual(tokenIds, whole.tokenIds.slice(0, tokenIds.length));
      equal(finishReason === 'stop_text', textOf(whole.tokenIds).includes(stop));
    }
    equal(stopped[0]?.finishReason, 'stop_text');
  });

  it('draws more samples than it decodes together as it draws them alone', async () => {
    const prompts = Array.from({ length: 20 }, (_, index) => ({ prompt: tokens(3 + index), seed: BigInt(index) }));
    const all = await collect(engine, generateUnit({ rows: prompts, samplesPerPrompt: 8 }));
    equal(all.length, 160);
    const alone = await collect(engine, generateUnit({ rows: prompts.slice(19), samplesPerPrompt: 8 }));
    deepEqual(
      all.slice(152).map(({ tokenIds }) => tokenIds),
      alone.map(({ tokenIds }) => tokenIds),
    );
  });

  it('stops decoding within a step when cancelled', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let seen = 0;
    const endless = generateUnit({ sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: 200, stop: [] } });
    const generation = engine.generate(
      endless,
      () => {
        seen++;
        controller.abort(reason);
      },
      { signal: controller.signal },
    );
    await rejects(generation, reason);
    equal(seen, 1);
    equal((await sumsOf(engine, null, rows.slice(0, 1))).length, 1);
  });

  it('decodes no faster than its samples are taken', async () => {
    let atOnce = 0;
    await engine.generate(generateUnit(), async () => {
      atOnce++;
      equal(atOnce, 1);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
    });
  });

  it('passes on what the consumer of samples throws', async () => {
    await rejects(
      engine.generate(generateUnit(), () => {
        throw new RangeError('no room');
      }),
      { message: 'no room' },
    );
  });

  it('refuses units that it cannot compute', async () => {
    await rejects(sumsOf(engine, `sha256:${'0'.repeat(64)}` as Digest, rows), { code: 'ADAPTER_NOT_RESIDENT' });
    await rejects(sumsOf(engine, null, [{ prompt: tokens(250), responses: [tokens(10)] }]), {
      code: 'PROMPT_TOO_LONG',
    });
    await rejects(sumsOf(engine, null, [{ prompt: [512], responses: [[1]] }]), { code: 'TOKEN_OUT_OF_RANGE' });
    await rejects(sumsOf(engine, null, [{ prompt: [1], responses: [[]] }]), { code: 'UNIT_INVALID' });
    const tooLong = generateUnit({ sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: 250, stop: [] } });
    await rejects(collect(engine, tooLong), { code: 'PROMPT_TOO_LONG' });
  });

  it('names the tensor whose gradient is no number', async () => {
    const { tensors } = randomLora(engine, 5);
    const huge = new Map(
      [...tensors].map(([name, { dims, data }]) => [
        name,
        f32Tensor(
          dims,
          data.map((value) => value * 1e18),
        ),
      ]),
    );
    const policy = await put(engine, { spec, tensors: huge });
    await rejects(engine.gradient(gradientUnit(policy)), { code: 'GRADIENT_NOT_FINITE' });
  });

  it('refuses an adapter that does not fit the base', async () => {
    const adapter = randomLora(engine, 6);
    const tensorsOfOtherShape = new Map(
      [...adapter.tensors].map(
        ([name], index) =>
          [
            name,
            index === 0 ? f32Tensor([1, 1], new Float32Array(1)) : present(adapter.tensors.get(name), name),
          ] as const,
      ),
    );
    await rejects(put(engine, { spec, tensors: tensorsOfOtherShape }), { code: 'TENSOR_SHAPE_MISMATCH' });
  });
});

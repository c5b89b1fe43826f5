import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { present, Rng } from '#core';
import { openPolicyEngine, type GenerateUsage, type GeneratedSample, type PolicyEngine } from './index.js';
import {
  adapterCacheBytes,
  collect,
  EOS,
  generateUnit,
  modelDir,
  put,
  randomLora,
  sumsOf,
} from './policy-engine-support.js';
import { BLOCK_SIZE, quantizeMatrix } from './programs/quantized-matrices.js';
import { klDivergence } from './units/decode-divergence.js';

describe('a matrix in 8 bits', () => {
  it('is within half a step of its scale, and filled up where a row ends inside a block', () => {
    const noise = new Rng('int8');
    const [rows, columns] = [5, 100];
    const data = Float32Array.from({ length: rows * columns }, () => noise.normal());
    const { quantized, scales } = quantizeMatrix(data, rows, columns);
    equal(scales.length, rows * 2);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < 2 * BLOCK_SIZE; column++) {
        const scale = present(scales[row * 2 + Math.floor(column / BLOCK_SIZE)], 'scale');
        const value = scale * (present(quantized[row * 2 * BLOCK_SIZE + column], 'byte') - 128);
        const exact = column < columns ? present(data[row * columns + column], 'weight') : 0;
        ok(Math.abs(value - exact) <= scale * 0.5001, `row ${row}, column ${column}: ${value} for ${exact}`);
      }
    }
  });

  it('of zeros is zeros', () => {
    const { quantized, scales } = quantizeMatrix(new Float32Array(64), 1, 64);
    ok(quantized.every((byte) => byte === 128) && scales.every((scale) => scale === 0));
  });
});

describe('the divergence of two rows of logits', () => {
  it('is zero for equal distributions and that of the definition for others', () => {
    const [a, b] = [Float32Array.of(1, 2, 3), Float32Array.of(2, 2, 1)];
    ok(klDivergence(a, Float32Array.of(11, 12, 13)) < 1e-12);
    const softmax = (row: Float32Array) => {
      const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
      return Array.from(row, (value) => Math.exp(value) / total);
    };
    const [p, q] = [softmax(a), softmax(b)];
    const expected = p.reduce((sum, mass, v) => sum + mass * Math.log(mass / present(q[v], 'mass')), 0);
    ok(Math.abs(klDivergence(a, b) - expected) < 1e-12);
  });
});

describe('decoding in 8 bits', () => {
  let engine: PolicyEngine;

  before(async () => {
    engine = await openPolicyEngine({ modelDir, adapterCacheBytes, decodePrecision: 'int8' });
  });

  after(async () => engine.dispose());

  async function generated(unit = generateUnit()): Promise<{ usage: GenerateUsage; samples: GeneratedSample[] }> {
    const samples: GeneratedSample[] = [];
    const usage = await engine.generate(unit, (sample) => void samples.push(sample));
    samples.sort((a, b) => a.rowIndex - b.rowIndex || a.sampleIndex - b.sampleIndex);
    return { usage, samples };
  }

  it('measures its divergence from float32 once per policy, and reports the latest', async () => {
    equal(engine.description.decodePrecision, 'int8');
    equal(engine.decodeDivergence(), null);
    const { usage } = await generated();
    const divergence = present(usage.decodeDivergence, 'divergence');
    ok(divergence.meanKl > 0 && divergence.meanKl < 1e-2, `mean ${divergence.meanKl}`);
    ok(divergence.maxKl >= divergence.meanKl && divergence.positionCount > 0);
    deepEqual(engine.decodeDivergence(), divergence);
    equal((await generated()).usage.decodeDivergence, undefined);
    const policy = await put(engine, randomLora(engine, 1));
    const other = (await generated(generateUnit({ policy }))).usage.decodeDivergence;
    ok(other);
    deepEqual(engine.decodeDivergence(), other);
  });

  it('gives the same samples again, and other ones to an adapter', async () => {
    const policy = await put(engine, randomLora(engine, 1));
    const unit = generateUnit();
    const base = await collect(engine, unit);
    const adapted = await collect(engine, { ...unit, policy });
    deepEqual(await collect(engine, unit), base);
    ok(JSON.stringify(adapted) !== JSON.stringify(base));
  });

  it('leaves scores what they are, and is near them', async () => {
    const exact = await openPolicyEngine({ modelDir, adapterCacheBytes });
    try {
      const unit = generateUnit();
      const { samples } = await generated(unit);
      const rows = samples.map(({ rowIndex, tokenIds, finishReason }) => ({
        prompt: present(unit.rows[rowIndex], 'row').prompt,
        responses: [finishReason === 'stop_token' ? [...tokenIds, EOS] : tokenIds],
      }));
      const scores = await sumsOf(engine, null, rows);
      deepEqual(scores, await sumsOf(exact, null, rows));
      samples.forEach(({ logProbSum }, index) => {
        const score = present(scores[index]?.[0], 'score');
        ok(Math.abs(score - logProbSum) < 0.05 * Math.abs(score), `decoded ${logProbSum}, scored ${score}`);
      });
      await exact.generate(unit, () => {});
      equal(exact.decodeDivergence(), null);
    } finally {
      await exact.dispose();
    }
  });
});

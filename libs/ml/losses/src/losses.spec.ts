/** @file The losses in the graph against their float64 twins, and what MetaAPO's objective must satisfy. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { present, Rng } from '#core';
import { backward } from '#ml/autodiff';
import { evaluate, expectAxes, GraphBuilder, hostArray, type HostArray, type Value } from '#ml/graph';
import fc from 'fast-check';
import { metaInputReference } from './meta-input.reference.js';
import { metaInput } from './meta-input.js';
import { metaLearnerReference, type MetaLearnerNumbers } from './meta-learner.reference.js';
import { metaLearner } from './meta-learner.js';
import { pairLosses, type LossKind, type LossSettings } from './pair-loss.js';
import type { PairLogProbNumbers } from './pair-loss.reference.js';
import { weightedLossReference } from './weighted-loss.reference.js';
import { weightedLoss } from './weighted-loss.js';

const KINDS = Object.keys(pairLosses) as LossKind[];
const SETTINGS: LossSettings = { beta: 0.5, gamma: 0.25 }; // exact in float32
const INPUT_BETA = 0.75;
const ROLES = ['policyChosen', 'policyRejected', 'referenceChosen', 'referenceRejected'] as const;
const SOURCES = ['offline', 'online'] as const;

/** The constant start of algorithm.md's release: W1 = W2 = 0.1, b = 0, 100 hidden units. */
const START: MetaLearnerNumbers = {
  hiddenWeights: new Float64Array(100).fill(0.1),
  hiddenBiases: new Float64Array(100),
  outputWeights: new Float64Array(100).fill(0.1),
  outputBias: 0,
};

type Row = Readonly<Record<(typeof SOURCES)[number], PairLogProbNumbers>>;

/** MetaAPO's whole objective as a training graph has it; w by the meta-learner, or given. */
function objective(kind: LossKind, weighting: 'meta-learner' | 'given'): GraphBuilder {
  const g = GraphBuilder.create();
  const loss = pairLosses[kind];
  const inputs = SOURCES.map((source) => ({
    source,
    logProbs: Object.fromEntries(ROLES.map((role) => [role, g.input(`${source}.${role}`, 'f32', ['N'])])) as Record<
      (typeof ROLES)[number],
      Value<'N'>
    >,
  }));
  const margins = inputs.map(({ source, logProbs }) => loss.margin(g.scope(source), logProbs, SETTINGS));
  const [offlineMargin, onlineMargin] = margins as [Value<'N'>, Value<'N'>];
  const ellOff = g.scope('ellOff').neg(loss.base(g.scope('offline'), offlineMargin, SETTINGS));
  const ellOn = g.scope('ellOn').neg(loss.base(g.scope('online'), onlineMargin, SETTINGS));

  const phi = {
    hiddenWeights: expectAxes(g.input('W1', 'f32', ['H']), 'hidden'),
    hiddenBiases: expectAxes(g.input('b1', 'f32', ['H']), 'hidden'),
    outputWeights: expectAxes(g.input('W2', 'f32', ['H']), 'hidden'),
    outputBias: expectAxes(g.input('b2', 'f32', [1]), '1'),
  };
  const score = metaInput(g, offlineMargin, INPUT_BETA);
  const weight = weighting === 'given' ? expectAxes(g.input('w', 'f32', ['N']), 'N') : metaLearner(g, score, phi);
  const { rows, sum } = weightedLoss(g, { ellOff, ellOn, weight });
  for (const [name, value] of Object.entries({ score, weight, ellOff, ellOn, rows, loss: sum })) g.output(name, value);

  const wrt = [...inputs.flatMap(({ logProbs }) => Object.values(logProbs)), ...Object.values(phi)];
  for (const [index, gradient] of backward(g, sum, wrt).entries()) {
    g.output(`grad.${present(wrt[index], 'input').name}`, gradient);
  }
  return g;
}

function feedsOf(rows: readonly Row[], weights?: readonly number[]): Map<string, HostArray> {
  const feeds = new Map<string, HostArray>();
  for (const source of SOURCES) {
    for (const role of ROLES) {
      feeds.set(
        `${source}.${role}`,
        hostArray(
          [rows.length],
          rows.map((row) => row[source][role] ?? 0),
        ),
      );
    }
  }
  feeds.set('W1', hostArray([100], START.hiddenWeights));
  feeds.set('b1', hostArray([100], START.hiddenBiases));
  feeds.set('W2', hostArray([100], START.outputWeights));
  feeds.set('b2', hostArray([1], [START.outputBias]));
  if (weights) feeds.set('w', hostArray([weights.length], weights));
  return feeds;
}

function randomRows(seed: number, count = 4): readonly Row[] {
  const rng = new Rng('rows', seed);
  const pair = (): PairLogProbNumbers => {
    const numbers = ROLES.map((role) => [role, -10 * rng.uniform()] as const);
    return Object.fromEntries(numbers) as unknown as PairLogProbNumbers;
  };
  return Array.from({ length: count }, () => ({ offline: pair(), online: pair() }));
}

function numbersOf(results: ReadonlyMap<string, HostArray>, name: string): readonly number[] {
  return [...present(results.get(name), name).data];
}

function assertClose(got: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(got.length, expected.length, what);
  for (const [index, value] of expected.entries()) {
    const error = Math.abs(present(got[index], what) - value) / Math.max(1, Math.abs(value));
    assert.ok(error < 1e-9, `${what}[${index}]: ${got[index]} for ${value}`);
  }
}

function assertWithin(got: number | undefined, expected: number, tolerance: number): void {
  assert.ok(Math.abs(present(got, 'number') - expected) <= tolerance, `${got} for ${expected}`);
}

for (const kind of KINDS) {
  describe(`the loss ${kind}`, () => {
    const { margin, base, slope } = pairLosses[kind].reference;
    const learned = objective(kind, 'meta-learner');
    const given = objective(kind, 'given');

    it('(c) has the slope that central differences have', () => {
      fc.assert(
        fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (delta) => {
          const step = 1e-5;
          const difference = (base(delta + step, SETTINGS) - base(delta - step, SETTINGS)) / (2 * step);
          assert.ok(Math.abs(slope(delta, SETTINGS) - difference) < 1e-7 * Math.max(1, Math.abs(delta)));
        }),
      );
    });

    it('(c) has in the graph the values and the gradients of the closed form, w being a constant', () => {
      fc.assert(
        fc.property(fc.integer({ min: 0 }), (seed) => {
          const rows = randomRows(seed);
          const results = evaluate(learned.graph, feedsOf(rows));
          const scores = rows.map((row) => metaInputReference(margin(row.offline, SETTINGS), INPUT_BETA));
          const weights = scores.map((score) => metaLearnerReference(score, START));
          const expected = rows.map((row, index) =>
            weightedLossReference({ ...row, weight: present(weights[index], 'w') }, kind, SETTINGS),
          );
          assertClose(numbersOf(results, 'score'), scores, 's');
          assertClose(numbersOf(results, 'weight'), weights, 'w');
          assertClose(
            numbersOf(results, 'ellOff'),
            expected.map((row) => row.ellOff),
            'ell_off',
          );
          assertClose(
            numbersOf(results, 'ellOn'),
            expected.map((row) => row.ellOn),
            'ell_on',
          );
          assertClose(
            numbersOf(results, 'rows'),
            expected.map((row) => row.loss),
            'rows',
          );
          assertClose(numbersOf(results, 'loss'), [expected.reduce((sum, row) => sum + row.loss, 0)], 'loss');
          for (const source of SOURCES) {
            const slopes = expected.map(({ gradients }) => gradients[`${source}Chosen`]);
            assertClose(numbersOf(results, `grad.${source}.policyChosen`), slopes, `${source} chosen`);
            const opposite = slopes.map((value) => -value);
            assertClose(numbersOf(results, `grad.${source}.policyRejected`), opposite, `${source} rejected`);
          }
        }),
        { numRuns: 10 },
      );
    });

    it('(d) gives the meta-learner no gradient', () => {
      const results = evaluate(learned.graph, feedsOf(randomRows(1)));
      for (const name of ['W1', 'b1', 'W2', 'b2']) {
        assert.ok(numbersOf(results, `grad.${name}`).every((value) => value === 0));
      }
    });

    it('(e) with online equal to offline is the plain loss for every w, and its slope in w is exactly 0', () => {
      const rows = randomRows(2).map(({ offline }) => ({ offline, online: offline }));
      const plain = rows.reduce((sum, row) => sum + base(margin(row.offline, SETTINGS), SETTINGS), 0);
      for (const w of [0, 0.25, 0.9, 1]) {
        const results = evaluate(
          given.graph,
          feedsOf(
            rows,
            rows.map(() => w),
          ),
        );
        assertClose(numbersOf(results, 'loss'), [plain], `loss at w = ${w}`);
        // dL/dw = ell_on − ell_off
        assert.deepEqual(numbersOf(results, 'ellOn'), numbersOf(results, 'ellOff'));
      }
    });

    it('(f) with w = 1 is the loss of the offline pairs alone, with w = 0 that of the online pairs alone', () => {
      const rows = randomRows(3);
      for (const [w, used, unused] of [
        [1, 'offline', 'online'],
        [0, 'online', 'offline'],
      ] as const) {
        const results = evaluate(
          given.graph,
          feedsOf(
            rows,
            rows.map(() => w),
          ),
        );
        const alone = rows.map((row) => base(margin(row[used], SETTINGS), SETTINGS));
        assertClose(numbersOf(results, 'rows'), alone, `rows at w = ${w}`);
        assert.ok(numbersOf(results, `grad.${unused}.policyChosen`).every((value) => value === 0));
        const slopes = rows.map((row) => slope(margin(row[used], SETTINGS), SETTINGS));
        assertClose(numbersOf(results, `grad.${used}.policyChosen`), slopes, `slopes at w = ${w}`);
      }
    });
  });
}

describe('the meta input and the meta-learner', () => {
  it('(j) with the policy equal to the reference give s = −ln 2 and w0 = 0.33358', () => {
    const pair = { policyChosen: -3, policyRejected: -7, referenceChosen: -3, referenceRejected: -7 };
    const results = evaluate(objective('dpo', 'meta-learner').graph, feedsOf([{ offline: pair, online: pair }]));
    assertClose(numbersOf(results, 'score'), [-Math.LN2], 's');
    // 0.33359 in the table below is at s = −0.6931, a little less far from 0.
    assert.equal(numbersOf(results, 'weight')[0]?.toFixed(5), '0.33358');
  });

  it('(a) start from the table of the released initialisation', () => {
    const table: readonly (readonly [number, number])[] = [
      [0, 0.5],
      [-0.1, 0.47502],
      [-0.3133, 0.42233],
      [-0.6931, 0.33359],
      [-1.3133, 0.21319],
      [-2.127, 0.10954],
      [-3, 0.05151],
      [-5, 0.00975],
      [-10, 0.00049],
    ];
    for (const [score, weight] of table) {
      assertWithin(metaLearnerReference(score, START), weight, 6e-6);
    }
  });

  it('stay finite and exact far from zero', () => {
    assert.equal(metaInputReference(-1e6, 1), -1e6);
    assert.equal(metaInputReference(1e6, 1), -0);
    assertWithin(metaLearnerReference(-1e6, START), 1 / (1 + Math.exp(10)), 1e-15);
  });
});

describe('the weighted loss', () => {
  it('leaves out the pairs that are not there', () => {
    const g = GraphBuilder.create();
    const ellOff = expectAxes(g.input('ellOff', 'f32', ['N']), 'N');
    const weight = expectAxes(g.input('w', 'f32', ['N']), 'N');
    g.output('loss', weightedLoss(g, { ellOff, weight }).sum);
    const feeds = new Map([
      ['ellOff', hostArray([2], [-1, -2])],
      ['w', hostArray([2], [1, 1])],
    ]);
    assert.deepEqual(evaluate(g.graph, feeds).get('loss'), hostArray([], [3]));
  });
});

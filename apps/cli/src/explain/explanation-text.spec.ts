/** Goal: the story of a row reads from its gate to its last use, and what is missing is said. */
import { describe, it } from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import type { PairExplanation__Output, SampleExplanation__Output } from '#contracts/trainer';
import { explanationJson } from './explanation-json.js';
import { explanationText } from './explanation-text.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function sample(changes: Partial<SampleExplanation__Output> = {}): SampleExplanation__Output {
  return {
    index: 0,
    text: 'Lovely.',
    tokenCount: 3,
    logProbSum: -4.25,
    finish: 'stop_token',
    score: 0.9,
    source: 'SCORE_SOURCE_PAID',
    provenance: {
      rewardModel: 'judge',
      epoch: '3',
      weightsDigest: DIGEST,
      tokenizerDigest: '',
      templateDigest: '',
      backend: 'vader',
      executionProvider: 'javascript',
      dtype: 'float64',
      serviceVersion: '0.0.0',
      truncation: '',
    },
    role: 'SAMPLE_ROLE_CHOSEN',
    reason: '',
    ...changes,
  };
}

function explanation(changes: Partial<PairExplanation__Output> = {}): PairExplanation__Output {
  return {
    runId: 'demo-1',
    itemId: 'line-17',
    iteration: 1,
    fate: 'ROW_FATE_PAIRED',
    fateReason: '',
    offlinePair: { prompt: 'How was it?', chosen: 'Fine.', rejected: 'Bad.' },
    gate: {
      kind: 'meta',
      score: -0.6931,
      ellOff: -0.7,
      weight: 0.41,
      draw: 0.77,
      sampled: true,
      metaLearnerVersion: '4',
    },
    samples: [
      sample(),
      sample({ index: 1, text: 'Dreadful.', score: -0.5, role: 'SAMPLE_ROLE_REJECTED', source: 'SCORE_SOURCE_LEDGER' }),
      {
        ...sample({ index: 2, text: '', role: 'SAMPLE_ROLE_UNSPECIFIED', reason: 'EMPTY', finish: 'length' }),
        provenance: null,
      },
    ],
    rewardModel: {
      rewardModel: 'judge',
      epoch: '3',
      weightsDigest: DIGEST,
      decideTime: { seconds: '1700000000', nanos: 0 },
    },
    backfilled: false,
    moved: false,
    offlineOnly: false,
    uses: [
      {
        phase: 'train',
        iteration: 1,
        step: 0,
        learningRate: 0.001,
        weight: 0.4,
        score: -0.69,
        ellOff: -0.7,
        ellOn: -0.5,
        loss: 0.58,
        adapterDigest: DIGEST,
      },
    ],
    units: [{ phase: 'generate', unit: 3, traceId: 'f'.repeat(32), elapsed: { seconds: '1', nanos: 500_000_000 } }],
    gaps: [],
    ...changes,
  };
}

describe('the story of a row', () => {
  it('goes from the gate over samples and their scores to the weight at each use', () => {
    equal(
      explanationText(explanation(), 80),
      `line-17 of demo-1, iteration 2: its best and its worst response became a pair
  prompt    How was it?
  chosen    Fine.
  rejected  Bad.
gate meta: s = −0.6931, ℓ_off = −0.7000, w = 0.4100 against u = 0.7700, meta-learner version 4: fresh responses
reward model: judge epoch 3, sha256:aaaaaaaaaaaa, decided 2023-11-14T22:13:20.000Z
  sample  part      by                                  paid         finish       reward  log prob  tokens
  0       chosen    vader epoch 3, sha256:aaaaaaaaaaaa  by this row  stop_token   0.9000     −4.25       3
    Lovely.
  1       rejected  vader epoch 3, sha256:aaaaaaaaaaaa  before       stop_token  −0.5000     −4.25       3
    Dreadful.
  2       EMPTY                                         by this row  length       0.9000     −4.25       3

  use    iteration  step       w        s    ℓ_off     ℓ_on    loss
  train          2     1  0.4000  −0.6900  −0.7000  −0.5000  0.5800
  unit of   trace                             number   time
  generate  ffffffffffffffffffffffffffffffff       3  1.5 s
`,
    );
  });

  it('says why there is no pair, and what cannot be told', () => {
    const text = explanationText(
      explanation({
        fate: 'ROW_FATE_LOST',
        fateReason: 'BUDGET_SPENT',
        offlineOnly: true,
        offlinePair: null,
        gate: null,
        samples: [],
        rewardModel: null,
        uses: [],
        units: [{ phase: 'score', unit: 0, traceId: '', elapsed: null }],
        gaps: ['the data file is not there any more'],
      }),
      80,
    );
    match(text, /: chosen by the gate and not annotated \(BUDGET_SPENT\); trained on with its offline pair alone\n/);
    match(text, /^gate: the row was not scored yet$/m);
    match(text, /^uses: no optimizer step saw it$/m);
    match(text, /^ {2}score +none, tracing was off +0 +–$/m);
    match(text, /^cannot be told: the data file is not there any more$/m);
  });

  it('is all there for programs', () => {
    const json = JSON.parse(explanationJson(explanation())) as Record<string, unknown>;
    equal(json['fate'], 'paired');
    deepEqual(json['gate'], {
      kind: 'meta',
      score: -0.6931,
      ell_off: -0.7,
      weight: 0.41,
      draw: 0.77,
      sampled: true,
      meta_learner_version: 4,
    });
    const [first, , third] = json['samples'] as Record<string, unknown>[];
    deepEqual((first?.['provenance'] as Record<string, unknown> | undefined)?.['epoch'], 3);
    equal(first?.['role'], 'chosen');
    equal(third?.['provenance'], null);
    deepEqual(json['units'], [{ phase: 'generate', unit: 3, trace_id: 'f'.repeat(32), elapsed_ms: 1500 }]);
  });
});

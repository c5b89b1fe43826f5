/** @file Calls through one scorer: they share steps, spoil nobody, come and go, and take turns. */
import { deepEqual, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResponseEmptyError } from '#ml/tokenizer';
import type { Classifier } from '../classifier.js';
import { RewardInputTooLongError } from '../reward-models.errors.js';
import type { RewardInput } from '../reward-model.js';
import { BatchScorer, type Phase } from './batch-scorer.js';
import type { BatchingOptions } from './batching-options.js';

/** A score is the sum of the ids; an id is a character's code. */
function toyClassifier(options: Partial<Classifier> = {}): Classifier {
  return {
    description: { tokensMax: 64 } as Classifier['description'],
    label: { index: 0, name: 'sum', activation: 'none' },
    mayPad: true,
    rowsApart: true,
    encode: ({ response }) => {
      if (response === '') throw new ResponseEmptyError();
      if (response === 'break') throw new TypeError('a bug');
      const ids = codesOf(response);
      return { ids, tokenTypeIds: ids.map(() => 0), truncatedCount: 0 };
    },
    logits: async (batch) => batch.map(({ ids }) => Float32Array.of(ids.reduce((sum, id) => sum + id, 0))),
    dispose: async () => {},
    ...options,
  };
}

const codesOf = (text: string): number[] => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
const sumOf = (text: string): number => codesOf(text).reduce((sum, code) => sum + code, 0);
const inputs = (texts: readonly string[]): RewardInput[] =>
  texts.map((response) => ({ prompt: { messages: [], text: '' }, response }));

/** Scores calls that all arrive at once; tells outcomes by call, and the steps. */
async function scored(
  calls: readonly (readonly string[])[],
  {
    classifier = toyClassifier(),
    onWorking = () => {},
    ...batching
  }: BatchingOptions & {
    classifier?: Classifier;
    onWorking?: (scorer: BatchScorer, phase: Phase) => void;
  } = {},
) {
  const outcomes = calls.map((texts) => texts.map((): unknown => undefined));
  const steps: string[] = [];
  const broken: string[] = [];
  let left = calls.flat().length;
  const leave = (count: number): void => {
    left -= count;
    if (left === 0) scorer.close();
  };
  const scorer: BatchScorer = new BatchScorer(
    classifier,
    {
      working: (phase, members) => {
        steps.push(`${phase} ${members.map(({ callId, index }) => `${callId}.${index}`).join(' ')}`);
        onWorking(scorer, phase);
      },
      settled: (results) => {
        for (const { callId, index, outcome } of results) {
          outcomes[callId]![index] = outcome.ok ? outcome.score : (outcome.error as { code?: string }).code;
        }
        leave(results.length);
      },
      broken: (members, thrown) => {
        broken.push(String(thrown));
        leave(members.length);
      },
    },
    batching,
  );
  calls.forEach((texts, callId) => scorer.submit(callId, inputs(texts)));
  await scorer.run();
  return { outcomes, steps, broken };
}

describe('calls that arrive together', () => {
  it('share steps and get their own scores', async () => {
    const { outcomes, steps } = await scored([['a', 'bb'], ['ccc']]);
    deepEqual(outcomes, [[sumOf('a'), sumOf('bb')], [sumOf('ccc')]]);
    deepEqual(steps, ['encode 0.0 1.0 0.1', 'score 0.0 1.0 0.1']);
  });

  it('share none where they are kept apart', async () => {
    const { steps } = await scored([['a', 'bb'], ['ccc']], { mode: 'per_call' });
    deepEqual(steps, ['encode 0.0 0.1 1.0', 'score 0.0 0.1', 'score 1.0']);
  });

  it('spoil nobody by what cannot become tokens', async () => {
    const { outcomes } = await scored([
      ['a', ''],
      ['break', 'b'],
    ]);
    deepEqual(outcomes, [
      [sumOf('a'), 'RESPONSE_EMPTY'],
      ['REWARD_INPUT_FAILED', sumOf('b')],
    ]);
  });

  it('spoil nobody by what cannot be computed: a batch that failed is computed one by one', async () => {
    const classifier = toyClassifier();
    const logits: Classifier['logits'] = async (batch, length) => {
      if (batch.some(({ ids }) => ids.length === 2)) throw new RewardInputTooLongError(2, 1);
      return classifier.logits(batch, length);
    };
    const { outcomes } = await scored([['a', 'bb'], ['ccc']], { classifier: { ...classifier, logits } });
    deepEqual(outcomes, [[sumOf('a'), 'REWARD_INPUT_TOO_LONG'], [sumOf('ccc')]]);
  });

  it('hear of a step that broke for a reason that is nobody’s input', async () => {
    const logits: Classifier['logits'] = () => Promise.reject(new RangeError('a defect'));
    const { broken } = await scored([['a'], ['b']], { classifier: toyClassifier({ logits }) });
    deepEqual(broken, ['RangeError: a defect']);
  });

  it('are padded to the same length whoever is beside them', async () => {
    const lengths: number[] = [];
    const logits: Classifier['logits'] = async (batch, length) => {
      lengths.push(length);
      return toyClassifier().logits(batch, length);
    };
    await scored([['a'], ['b'.repeat(9)], ['c'.repeat(3)]], { classifier: toyClassifier({ logits }) });
    deepEqual(lengths, [8, 16]);
  });

  it('are computed one by one where rows see each other', async () => {
    const { steps } = await scored([['a'], ['b']], { classifier: toyClassifier({ rowsApart: false }) });
    deepEqual(
      steps.filter((step) => step.startsWith('score')),
      ['score 0.0', 'score 1.0'],
    );
  });
});

describe('calls that come and go', () => {
  it('leave a thousand responses behind with one of their own', async () => {
    const many = Array.from({ length: 1000 }, () => 'x'.repeat(8));
    const { steps } = await scored([many, ['y']]);
    const own = steps.findIndex((step) => step.startsWith('score') && step.includes(' 1.0'));
    ok(own >= 0 && own < 10, `step ${own} of ${steps.length}`);
  });

  it('that are given up are not worked on, before they are tokens or after', async () => {
    const seen: string[] = [];
    const scorer: BatchScorer = new BatchScorer(toyClassifier(), {
      working: (phase, members) => {
        seen.push(`${phase} ${members.map(({ callId }) => callId).join(' ')}`);
        // Arrives between the two steps, as every message does.
        if (phase === 'encode') queueMicrotask(() => scorer.cancel(1));
      },
      settled: () => scorer.close(),
      broken: () => {},
    });
    scorer.submit(0, inputs(['a']));
    scorer.cancel(0);
    scorer.submit(1, inputs(['x'.repeat(20)]));
    scorer.submit(2, inputs(['b']));
    await scorer.run();
    deepEqual(seen, ['encode 1 2', 'score 2']);
  });

  it('leave nobody in a step that is over', async () => {
    const told: string[] = [];
    const scorer: BatchScorer = new BatchScorer(toyClassifier(), {
      working: (phase) => {
        told.push(phase);
        queueMicrotask(() => scorer.cancel(1));
      },
      settled: () => {
        told.push('settled');
        scorer.close();
      },
      broken: () => {},
    });
    scorer.submit(1, inputs(['a']));
    await scorer.run();
    deepEqual(told, ['encode', 'settled']);
  });
});

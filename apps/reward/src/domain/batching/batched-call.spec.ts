/** @file What becomes of a call when the thread that it shares ends: neighbours are scored, who is to blame is not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RewardThreadEndedError, type RewardInput, type ThreadedRewardModel } from '#ml/reward-models';
import type { ScoreOutcome } from '../reward-backend.js';
import { BatchedCall } from './batched-call.js';
import type { ModelThread } from './model-thread.js';

type Score = ThreadedRewardModel['score'];

/** How a thread takes a call: it scores all of it, or ends in a step on the inputs at these places. */
type Fate = 'scores' | { readonly lost: readonly number[]; readonly shared: boolean; readonly late?: boolean };

/** Threads one after the other; each lives until a call ends it. Tells what each was asked. */
function threads(fates: readonly Fate[]) {
  const asked: string[] = [];
  const late = new Set<unknown>();
  let next = 0;
  const thread = {
    model: async () => {
      const model = { score: undefined as unknown as Score };
      model.score = async (inputs, options) => {
        const { alone, onWork, onOutcome, onLost } = options ?? {};
        if (inputs.length === 0) return [];
        asked.push(`${alone ? 'alone ' : ''}${inputs.map(({ response }: RewardInput) => response).join(' ')}`);
        const fate = fates[next++] ?? 'scores';
        if (fate !== 'scores') {
          if (fate.late) late.add(model);
          onWork?.('score', fate.lost);
          onLost?.(fate.lost, fate.shared);
          throw new RewardThreadEndedError('it took too long');
        }
        onWork?.(
          'score',
          inputs.map((_, index) => index),
        );
        const outcomes = inputs.map(({ response }) => ({
          ok: true as const,
          score: response.length,
          tokenCount: 1,
          truncatedCount: 0,
        }));
        outcomes.forEach((outcome, index) => onOutcome?.(index, outcome));
        return outcomes;
      };
      return model;
    },
    wasLate: (model: unknown) => late.has(model),
    noteFruit: () => {},
  };
  return { thread: thread as unknown as ModelThread, asked };
}

async function run(texts: readonly string[], fates: readonly Fate[], signal = new AbortController().signal) {
  const { thread, asked } = threads(fates);
  const started: number[] = [];
  const requests = texts.map((response) => ({ prompt: { messages: [], text: '' }, response, truncated: false }));
  const call = new BatchedCall(thread, requests, {
    rewardModel: 'judge',
    timeoutMs: 7,
    signal,
    onStart: (index) => started.push(index),
  });
  const outcomes = await call.run();
  return { outcomes: summary(outcomes), asked, started };
}

const summary = (outcomes: readonly ScoreOutcome[]): (number | string)[] =>
  outcomes.map((outcome) => (outcome.ok ? outcome.score : outcome.error.code));

describe('a call whose thread ends', () => {
  it('while it waits goes to the next thread as if nothing had been', async () => {
    const { outcomes, asked } = await run(['a', 'bb'], [{ lost: [], shared: true }]);
    assert.deepEqual(
      [outcomes, asked],
      [
        [1, 2],
        ['a bb', 'a bb'],
      ],
    );
  });

  it('in a step with neighbours is tried again, each response of the step alone', async () => {
    const { outcomes, asked } = await run(['a', 'bb', 'ccc'], [{ lost: [1], shared: true }]);
    assert.deepEqual(
      [outcomes, asked],
      [
        [1, 2, 3],
        ['a bb ccc', 'a ccc', 'alone bb'],
      ],
    );
  });

  it('in a step of one response fails that one and no other', async () => {
    const fates: Fate[] = [{ lost: [1], shared: true }, 'scores', { lost: [0], shared: false }];
    const { outcomes, asked } = await run(['a', 'bb', 'ccc'], fates);
    assert.deepEqual(outcomes, [1, 'REWARD_BACKEND_FAILED', 3]);
    assert.deepEqual(asked, ['a bb ccc', 'a ccc', 'alone bb']);
  });

  it('for taking too long is told so', async () => {
    const { outcomes } = await run(['a'], [{ lost: [0], shared: false, late: true }]);
    assert.deepEqual(outcomes, ['REWARD_BACKEND_TIMEOUT']);
  });

  it('again and again gives its other suspects up', async () => {
    const guilty: Fate = { lost: [0], shared: false };
    const texts = ['a', 'b', 'c', 'd', 'e'];
    const { outcomes, asked } = await run(texts, [{ lost: [0, 1, 2, 3, 4], shared: true }, guilty, guilty, guilty]);
    assert.deepEqual(
      outcomes,
      texts.map(() => 'REWARD_BACKEND_FAILED'),
    );
    assert.equal(asked.length, 4, 'the first, and three suspects');
  });

  it('counts what began once, however often it is tried', async () => {
    const { started } = await run(['a', 'bb'], [{ lost: [0, 1], shared: true }]);
    assert.deepEqual(started, [0, 1]);
  });
});

describe('a call whose caller left', () => {
  it('is not tried again', async () => {
    const left = new AbortController();
    left.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(run(['a'], [], left.signal), { name: 'AbortError' });
  });
});

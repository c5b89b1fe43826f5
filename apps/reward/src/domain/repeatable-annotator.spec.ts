/** @file What a repeated request costs: nothing, unless a repetition may do better. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf, systemClock } from '#core';
import { Admission } from './admission.js';
import type { AnnotateCommand, AnnotateResult } from './annotator.js';
import { RepeatableAnnotator, type RepeatableAnnotatorOptions } from './repeatable-annotator.js';
import type { ScoreOutcome } from './reward-backend.js';
import { QueueFullError, ResponseEmptyError, RewardBackendTimeoutError } from './reward.errors.js';

const calm = new AbortController().signal;
const provenance = {
  rewardModel: 'm',
  epoch: 1,
  weightsDigest: digestOf('weights'),
  tokenizerDigest: '',
  templateDigest: '',
  backend: 'module',
  executionProvider: 'javascript',
  dtype: 'float64',
  serviceVersion: '0.0.0-test',
  truncation: '',
};

const commandOf = (requestId: string, text = 'x'): AnnotateCommand => ({
  requestId,
  rewardModel: 'm',
  epoch: '1',
  items: [
    {
      itemId: 'a',
      prompt: { kind: 'text', text: 'a prompt' },
      responses: [{ kind: 'text', text, truncated: false }],
    },
  ],
});

const replyOf = (...annotations: readonly ScoreOutcome[]): AnnotateResult => ({
  items: [{ itemId: 'a', ok: true, annotations }],
  provenance,
  queueMs: 1,
  tokenizeMs: 0,
  computeMs: 2,
});
const scored: ScoreOutcome = { ok: true, score: 1, components: {} };

/** Work that ends when the test says so. */
function work(options: RepeatableAnnotatorOptions = {}) {
  const calls: (PromiseWithResolvers<AnnotateResult> & { readonly signal: AbortSignal })[] = [];
  const annotator = new RepeatableAnnotator(
    {
      annotate: (_command, signal) => {
        const call = { ...Promise.withResolvers<AnnotateResult>(), signal };
        calls.push(call);
        return call.promise;
      },
    },
    options,
  );
  /** Sends a request whose work, if it is done at all, ends with the reply. */
  const send = async (requestId: string, reply = replyOf(scored)): Promise<AnnotateResult> => {
    const before = calls.length;
    const answer = annotator.annotate(commandOf(requestId), calm);
    if (calls.length > before) calls.at(-1)!.resolve(reply);
    return await answer;
  };
  return { annotator, calls, send };
}

describe('a repeated request', () => {
  it('gets the reply that was given, and none of the time that it took', async () => {
    const { calls, send } = work();
    const first = await send('r');
    assert.deepEqual(await send('r'), { ...first, queueMs: 0, tokenizeMs: 0, computeMs: 0 });
    assert.equal(calls.length, 1);
  });

  it('joins the work that goes on after its first caller has left', async () => {
    const { annotator, calls } = work();
    const leave = new AbortController();
    const left = annotator.annotate(commandOf('r'), leave.signal);
    leave.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(left, { name: 'AbortError' });
    const joined = annotator.annotate(commandOf('r'), calm);
    assert.deepEqual([calls.length, calls[0]!.signal.aborted], [1, false]);
    calls[0]!.resolve(replyOf(scored));
    assert.deepEqual((await joined).items, replyOf(scored).items);
  });

  it('with other content is refused, while the first is under way and afterwards', async () => {
    const { annotator, calls } = work();
    const first = annotator.annotate(commandOf('r'), calm);
    const refused = { code: 'REQUEST_INVALID', message: /request_id.*other content/ };
    await assert.rejects(annotator.annotate(commandOf('r', 'y'), calm), refused);
    calls[0]!.resolve(replyOf(scored));
    await first;
    await assert.rejects(annotator.annotate(commandOf('r', 'y'), calm), refused);
    await assert.rejects(annotator.annotate({ ...commandOf('r'), epoch: '0' }, calm), refused);
    assert.equal(calls.length, 1);
  });

  it('is worked on again after the call failed, and whoever joined it hears of the failure', async () => {
    const { annotator, calls, send } = work();
    const both = [annotator.annotate(commandOf('r'), calm), annotator.annotate(commandOf('r'), calm)];
    calls[0]!.reject(new QueueFullError('m', 1, 1, 50));
    for (const one of both) await assert.rejects(one, { code: 'QUEUE_FULL' });
    await send('r');
    assert.equal(calls.length, 2);
  });

  it('is worked on again after a response failed that may be scored now, but not after one that never will', async () => {
    const { calls, send } = work();
    await send('timeout', replyOf(scored, { ok: false, error: new RewardBackendTimeoutError('m', 1) }));
    await send('timeout');
    assert.equal(calls.length, 2);
    await send('empty', replyOf(scored, { ok: false, error: new ResponseEmptyError() }));
    await send('empty');
    assert.equal(calls.length, 3);
  });

  it('is worked on again when too many came after it', async () => {
    const { calls, send } = work({ repliesMax: 2 });
    for (const requestId of ['a', 'b', 'c', 'b', 'c', 'a']) await send(requestId);
    assert.equal(calls.length, 4, 'a, b, c, and a again');
  });

  it('is worked on again when those after it hold too many annotations, however large the newest', async () => {
    const { calls, send } = work({ annotationsMax: 3 });
    const pair = replyOf(scored, scored);
    await send('a', pair);
    await send('b', pair);
    await send('b');
    assert.equal(calls.length, 2);
    await send('large', replyOf(scored, scored, scored, scored));
    await send('large');
    await send('b', pair);
    assert.equal(calls.length, 4);
  });

  it('without an id is a request of its own, which ends with its caller', async () => {
    const { annotator, calls, send } = work();
    const leave = new AbortController();
    const left = annotator.annotate(commandOf(''), leave.signal);
    assert.equal(calls[0]!.signal, leave.signal);
    calls[0]!.resolve(replyOf(scored));
    await left;
    await send('');
    assert.equal(calls.length, 2);
  });
});

describe('limits on calls', () => {
  it('hold for repetitions too, and a place is free again when its caller has left', async () => {
    const admission = new Admission({ requestsMax: 1, clientBatchSizeMax: 1, clock: systemClock });
    const { annotator, calls } = work({ admission });
    const left = new AbortController();
    const first = annotator.annotate(commandOf('r'), left.signal);
    await assert.rejects(annotator.annotate(commandOf('r'), calm), { code: 'REQUESTS_FULL' });
    left.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(first, { name: 'AbortError' });
    const again = annotator.annotate(commandOf('r'), calm);
    calls[0]!.resolve(replyOf(scored));
    assert.deepEqual((await again).items, replyOf(scored).items, 'it joined the work');
    assert.equal(calls.length, 1);
  });
});

/** @file What callers get: scores in order, a named status for every response or prompt that has none, bounds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '#core';
import { registryOf } from '../testing/lifecycle-of.js';
import { MOODY_MODULE, moduleFile } from '../testing/reward-modules.js';
import { Annotator, type AnnotateItem, type AnnotatedItem } from './annotator.js';
import type { PromptForm, ResponseForm } from './score-request.js';

const registry = await registryOf(
  { vader: { backend: 'vader' }, moody: { backend: 'module', path: moduleFile(MOODY_MODULE) } },
  { queueResponsesMax: 6 },
);
const heard: string[] = [];
const annotator = new Annotator({
  registry,
  clock: systemClock,
  onAnnotation: (_model, outcome) => heard.push(outcome),
});
const calm = new AbortController().signal;

const textForm = (text: string, truncated = false): ResponseForm => ({ kind: 'text', text, truncated });
const itemOf = (itemId: string, responses: readonly ResponseForm[], prompt?: PromptForm): AnnotateItem => ({
  itemId,
  prompt: prompt ?? { kind: 'text', text: 'a prompt' },
  responses,
});

function annotate(rewardModel: string, items: readonly AnnotateItem[], { epoch = '0', signal = calm } = {}) {
  return annotator.annotate({ requestId: 'r', rewardModel, epoch, items }, signal);
}

/** Scores, and codes where there is none. */
function summary(items: readonly AnnotatedItem[]): unknown[] {
  return items.map((item) =>
    item.ok ? item.annotations.map((one) => (one.ok ? one.score : one.error.code)) : item.error.code,
  );
}

describe('annotation', () => {
  it("scores every response in order, item by item, with the model's provenance", async () => {
    const { items, provenance } = await annotate('moody', [
      itemOf('a', [textForm('xx'), textForm('x')]),
      itemOf('b', [textForm('xxxx')]),
    ]);
    assert.deepEqual(summary(items), [[2, 1], [4]]);
    assert.deepEqual(
      items.map(({ itemId }) => itemId),
      ['a', 'b'],
    );
    assert.equal(provenance, registry.find('moody').provenance);
  });

  it('hands a module the turns of a chat and their contents as one text', async () => {
    const messages = [
      { role: 'system', content: 'be' },
      { role: 'user', content: 'good' },
    ];
    const { items } = await annotate('moody', [
      itemOf('a', [textForm('prompt', true)], { kind: 'conversation', messages }),
      itemOf('b', [textForm('prompt')], { kind: 'text', text: 'plain' }),
    ]);
    assert.deepEqual(
      items.map((item) => item.ok && item.annotations[0]),
      [
        { ok: true, score: 2, components: { chars: 7, cut: 1 } },
        { ok: true, score: 0, components: { chars: 5, cut: 0 } },
      ],
    );
  });

  it('names what is wrong with a response and scores its neighbours', async () => {
    const responses: ResponseForm[] = [
      textForm(''),
      textForm('half \ud83d'),
      { kind: 'token_ids', truncated: false },
      { kind: 'absent', truncated: false },
      textForm('good'),
    ];
    const { items } = await annotate('vader', [itemOf('a', responses)]);
    const codes = ['RESPONSE_EMPTY', 'TEXT_MALFORMED', 'TOKEN_IDS_UNSUPPORTED', 'RESPONSE_EMPTY'];
    assert.deepEqual(summary(items), [[...codes, 0.4404]]);
  });

  it('names what is wrong with a prompt and annotates the other items', async () => {
    const { items } = await annotate('vader', [
      itemOf('a', [textForm('good')], { kind: 'token_ids' }),
      itemOf('b', [textForm('good')], { kind: 'text', text: '\udc00' }),
      itemOf('c', [textForm('good')], { kind: 'conversation', messages: [] }),
      itemOf('d', [textForm('good')], { kind: 'absent' }),
      itemOf('e', []),
      itemOf('f', [textForm('good')]),
    ]);
    const invalid = 'REQUEST_INVALID';
    assert.deepEqual(summary(items), ['TOKEN_IDS_UNSUPPORTED', 'TEXT_MALFORMED', invalid, invalid, invalid, [0.4404]]);
  });

  it('never turns a failure or a number that is not finite into a score', async () => {
    const bad = ['throw', 'nan', 'infinite part', 'text'].map((text) => textForm(text));
    const { items } = await annotate('moody', [itemOf('a', [...bad, textForm('fine')])]);
    const codes = ['REWARD_BACKEND_FAILED', 'REWARD_NOT_FINITE', 'REWARD_NOT_FINITE', 'REWARD_BACKEND_FAILED'];
    assert.deepEqual(summary(items), [[...codes, 4]]);
  });

  it('refuses a score outside the range that the model declares', async () => {
    const path = moduleFile('export const scoreMax = 3; export const score = ({ response }) => response.length;');
    const bounded = new Annotator({
      registry: await registryOf({ bounded: { backend: 'module', path } }),
      clock: systemClock,
    });
    const items = [itemOf('a', [textForm('xxx'), textForm('xxxx')])];
    const result = await bounded.annotate({ requestId: '', rewardModel: 'bounded', epoch: '0', items }, calm);
    assert.deepEqual(summary(result.items), [[3, 'REWARD_BACKEND_FAILED']]);
  });

  it('counts what the backend really worked on, and tells each outcome', async () => {
    const { counts } = registry.find('moody');
    const before = { ...counts };
    heard.length = 0;
    await annotate('moody', [itemOf('a', [textForm('x'), textForm(''), textForm('nan'), textForm('throw')])]);
    assert.deepEqual(
      [counts.started - before.started, counts.scored - before.scored, counts.failed - before.failed],
      [3, 1, 2],
    );
    assert.deepEqual(heard, ['ok', 'REWARD_NOT_FINITE', 'REWARD_BACKEND_FAILED']);
  });

  it('refuses unknown models, other epochs, and requests without items or with equal ids', async () => {
    const items = [itemOf('a', [textForm('x')])];
    await assert.rejects(annotate('nobody', items), { code: 'REWARD_MODEL_UNKNOWN', message: /moody, vader/ });
    await assert.rejects(annotate('moody', items, { epoch: '2' }), { code: 'REWARD_EPOCH_MISMATCH' });
    await assert.rejects(annotate('moody', []), { code: 'REQUEST_INVALID' });
    await assert.rejects(annotate('moody', [...items, ...items]), { code: 'REQUEST_INVALID', message: /items\[1\]/ });
    await assert.rejects(annotate('moody', [itemOf('', [textForm('x')])]), { code: 'REQUEST_INVALID' });
    assert.deepEqual(summary((await annotate('moody', items, { epoch: '1' })).items), [[1]]);
  });
});

describe('admission', () => {
  it('refuses with QUEUE_FULL and a delay while too many responses wait, and takes new ones afterwards', async () => {
    const leave = new AbortController();
    const waiting = annotate(
      'moody',
      [
        itemOf(
          'a',
          Array.from({ length: 6 }, () => textForm('hang until aborted')),
        ),
      ],
      {
        signal: leave.signal,
      },
    );
    const refused = annotate('moody', [itemOf('b', [textForm('x')])]);
    await assert.rejects(refused, (thrown: Error & { code?: string; retryAfterMs?: number }) => {
      assert.equal(thrown.code, 'QUEUE_FULL');
      assert.ok(thrown.retryAfterMs! > 0);
      return true;
    });
    assert.deepEqual(summary((await annotate('vader', [itemOf('c', [textForm('good')])])).items), [[0.4404]]);
    leave.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.deepEqual(summary((await annotate('moody', [itemOf('d', [textForm('x')])])).items), [[1]]);
  });

  it('refuses for good what could never fit', async () => {
    const responses = Array.from({ length: 7 }, () => textForm('x'));
    await assert.rejects(annotate('moody', [itemOf('a', responses)]), {
      code: 'REQUEST_INVALID',
      message: /at most 6/,
    });
  });

  it('asks nothing of the backend for a caller that has left', async () => {
    const { counts } = registry.find('moody');
    const before = counts.started;
    const signal = AbortSignal.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(annotate('moody', [itemOf('a', [textForm('x')])], { signal }), { name: 'AbortError' });
    assert.deepEqual([counts.started, registry.find('moody').queue.length], [before, 0]);
  });
});

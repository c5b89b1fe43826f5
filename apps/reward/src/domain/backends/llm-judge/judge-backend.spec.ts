/** @file A language model as the judge: what it is asked, how its verdicts become scores, what they cost, what names them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  completion,
  judgeServer,
  judgeSpecOf,
  JUDGE_MODEL,
  messageOf,
  opened,
  requestOf,
  summary,
  textFile,
} from '../../../testing/judges.js';
import type { JudgeSpec } from './judge-spec.js';

/** Ten points less a tenth of the length. */
const byBrevity = (answer: string): string => JSON.stringify({ reason: 'counted', score: 10 - answer.length / 10 });

describe('a pointwise judge', () => {
  it('gives each response the number that the model answers, and tells what it cost', async () => {
    const server = await judgeServer(({ ANSWER: answer }) => completion(byBrevity(answer!)));
    const price = { prompt_per_million: 2, completion_per_million: 10 };
    const { score, started, heard, backend } = await opened(judgeSpecOf(server, { price }));
    const outcomes = await score([requestOf('Four.'), requestOf('It is four.')]);
    assert.deepEqual(summary(outcomes), [9.5, 8.9]);
    const cost = (100 * 2 + 20 * 10) / 1e6;
    assert.deepEqual(outcomes[0], {
      ok: true,
      score: 9.5,
      components: { prompt_tokens: 100, completion_tokens: 20, cost },
    });
    for (const indices of [started, heard]) assert.deepEqual(new Set(indices), new Set([0, 1]));
    const { kind, mayBill, scoreMin, scoreMax, executionProvider, dtype } = backend.describe();
    assert.deepEqual(
      [kind, mayBill, scoreMin, scoreMax, executionProvider, dtype],
      ['llm-judge', true, 1, 10, 'http', 'text'],
    );
  });

  it('asks at temperature 0 with a seed, the rubric and the range, and with its keys', async () => {
    const server = await judgeServer(() => completion('7'));
    const spec = judgeSpecOf(server, { score_min: 0, score_max: 7, max_tokens: 64, api_key_env: 'JUDGE_KEY' });
    const { score } = await opened(spec, { readSecret: (name) => (name === 'JUDGE_KEY' ? 'sk-1' : undefined) });
    await score([requestOf('Four.', { idempotencyKey: 'r/a/0' })]);
    const { path, headers, body } = server.asked.at(-1)!;
    assert.equal(path, '/v1/chat/completions');
    assert.deepEqual([headers.authorization, headers['idempotency-key']], ['Bearer sk-1', 'r/a/0']);
    const { messages, ...rest } = body as { messages: { content: string }[] };
    assert.deepEqual(rest, { model: JUDGE_MODEL, temperature: 0, seed: 0, max_tokens: 64 });
    assert.match(messages[0]!.content, /from 0 to 7[^]*Reward brevity\./);
  });

  it('leaves out what a server does not take, and adds what it needs', async () => {
    const server = await judgeServer(() => completion('{"score": 3}'));
    const spec = judgeSpecOf(server, {
      temperature: null,
      seed: null,
      max_tokens_field: 'max_completion_tokens',
      response_format: 'json_schema',
      reason: false,
      extra_body: { reasoning_effort: 'low', model: 'another' },
    });
    assert.deepEqual(summary(await (await opened(spec)).score([requestOf('Four.')])), [3]);
    const { messages: _, response_format: format, ...rest } = server.asked.at(-1)!.body as Record<string, unknown>;
    assert.deepEqual(rest, { model: JUDGE_MODEL, max_completion_tokens: 512, reasoning_effort: 'low' });
    assert.deepEqual((format as { json_schema: { schema: { required: string[] } } }).json_schema.schema.required, [
      'score',
    ]);
  });

  it('has no cost where the server tells no usage', async () => {
    const server = await judgeServer(() => completion('7', {}, { usage: undefined }));
    const [outcome] = await (await opened(judgeSpecOf(server))).score([requestOf('Four.')]);
    assert.deepEqual(outcome, { ok: true, score: 7, components: {} });
  });

  it('asks no more at once and a minute than it may', async () => {
    const underWay = { now: 0, most: 0 };
    const server = await judgeServer(async () => {
      underWay.most = Math.max(underWay.most, ++underWay.now);
      await new Promise(setImmediate);
      underWay.now -= 1;
      return completion('7');
    });
    const { score, clock } = await opened(judgeSpecOf(server, { concurrency: 2, requests_per_minute: 4 }));
    assert.equal((await score(Array.from({ length: 9 }, (_, i) => requestOf(`${i}`)))).length, 9);
    assert.ok(underWay.most <= 2, `${underWay.most} at once`);
    assert.deepEqual(clock.jumps, [60_000, 60_000]);
  });
});

describe('a pairwise judge', () => {
  const baseline = textFile(
    [
      { prompt: 'What is 2 + 2?', chosen: 'It is four.', rejected: 'Five, I think.' },
      { prompt: 'What is 2 + 2?', chosen: '4', rejected: 'Three.' },
      {
        prompt: [{ role: 'user', content: 'Hi' }],
        chosen: [{ role: 'assistant', content: 'Hello!' }],
        rejected: [{ role: 'assistant', content: 'Go away.' }],
      },
    ]
      .map((row) => JSON.stringify(row))
      .join('\n'),
    'train.jsonl',
  );
  const shorter = ({ 'ANSWER A': a = '', 'ANSWER B': b = '' }) =>
    completion(a.length === b.length ? 'tie' : JSON.stringify({ verdict: a.length < b.length ? 'A' : 'B' }));
  const pairwise = { mode: 'pairwise', baseline } as const;

  it('compares with every reference answer in both orders', async () => {
    const server = await judgeServer(shorter);
    const { score } = await opened(judgeSpecOf(server, pairwise));
    const outcomes = await score([
      requestOf('Four.', { idempotencyKey: 'k' }),
      requestOf('!'),
      requestOf('x'.repeat(50)),
    ]);
    assert.deepEqual(summary(outcomes), [0.5, 0.75, 0], 'wins one of two, ties with one, loses both');
    assert.equal(server.asked.filter(({ method }) => method === 'POST').length, 12);
    const keys = server.asked.map(({ headers }) => headers['idempotency-key']).filter((key) => key !== undefined);
    assert.deepEqual(keys, ['k/0/first', 'k/0/second', 'k/1/first', 'k/1/second']);
    assert.deepEqual(outcomes[0]!.ok && outcomes[0]!.components, {
      shown_first: 0.5,
      shown_second: 0.5,
      prompt_tokens: 400,
      completion_tokens: 80,
    });
  });

  it('takes nothing from a judge that prefers a place', async () => {
    const server = await judgeServer(() => completion('A'));
    const [good, bad] = await (await opened(judgeSpecOf(server, pairwise))).score([requestOf('4!'), requestOf('bad')]);
    assert.deepEqual(summary([good!, bad!]), [0.5, 0.5]);
    assert.deepEqual(
      [good!.ok && good!.components['shown_first'], good!.ok && good!.components['shown_second']],
      [1, 0],
    );
  });

  it('gives a response its score whatever else is asked with it', async () => {
    const server = await judgeServer(shorter);
    const { score } = await opened(judgeSpecOf(server, pairwise));
    const crowd = await score([requestOf('!'), requestOf('Four.'), requestOf('x'.repeat(50))]);
    assert.deepEqual((await score([requestOf('Four.')]))[0], crowd[1]);
  });

  it('takes rejected answers too where it is told so, and each answer once', async () => {
    const server = await judgeServer(shorter);
    await (await opened(judgeSpecOf(server, { ...pairwise, against: 'both' }))).score([requestOf('Four.')]);
    assert.equal(server.asked.length, 1 + 4 * 2);
  });

  it('finds chats turn by turn, and names a prompt that has no answer', async () => {
    const server = await judgeServer(shorter);
    const { score, started } = await opened(judgeSpecOf(server, pairwise));
    const chat = (content: string) => ({ messages: [{ role: 'user', content }], text: content });
    const outcomes = await score([
      requestOf('Hi.', { prompt: chat('Hi') }),
      requestOf('Hi.', { prompt: chat('What is 2 + 2?') }),
      requestOf('Hi.', { prompt: { messages: [], text: 'Hi' } }),
    ]);
    assert.deepEqual(summary(outcomes), [1, 'JUDGE_BASELINE_MISSING', 'JUDGE_BASELINE_MISSING']);
    assert.match(messageOf(outcomes[1]), /train\.jsonl/);
    assert.deepEqual(started, [0], 'what was not asked cost nothing');
  });
});

describe('the digest of a judge', () => {
  it('covers everything that could change a score, and nothing else', async () => {
    const server = await judgeServer(() => completion('7'));
    const rubric = textFile('Reward brevity.');
    const rows = JSON.stringify({ prompt: 'p', chosen: 'a', rejected: 'b' });
    const digest = async (fields: Partial<JudgeSpec> = {}) =>
      (await opened(judgeSpecOf(server, { rubric, ...fields }))).backend.describe().weightsDigest;
    const baseline = textFile(rows, 'a.jsonl');
    const digests = [
      await digest(),
      await digest({ rubric: textFile('Reward length.') }),
      await digest({ score_max: 5 }),
      await digest({ temperature: 1 }),
      await digest({ seed: 1 }),
      await digest({ reason: false }),
      await digest({ max_tokens: 64 }),
      await digest({ extra_body: { reasoning_effort: 'low' } }),
      await digest({ base_url: `${server.url}/v2`, verify: false }),
      await digest({ model: 'judge-2', verify: false }),
      await digest({ mode: 'pairwise', baseline }),
      await digest({ mode: 'pairwise', baseline, against: 'both' }),
      await digest({ mode: 'pairwise', baseline: textFile(`${rows}\n`, 'b.jsonl') }),
    ];
    assert.equal(new Set(digests).size, digests.length);
    const same = { attempts: 2, concurrency: 1, price: { prompt_per_million: 1, completion_per_million: 1 } };
    assert.equal(await digest({ ...same, rubric: textFile('Reward brevity.') }), digests[0]);
  });
});

/** @file Judges that refuse, babble, stop half-way, change or cannot be asked: never a score, and neighbours keep theirs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  completion,
  judgeServer,
  judgeSpecOf,
  messageOf,
  opened,
  requestOf,
  summary,
  textFile,
} from '../../../testing/judges.js';
import { scriptedServer } from '../../../testing/scripted-server.js';

describe('a judge', () => {
  it('that refuses or babbles gives no score, and its neighbours keep theirs', async () => {
    const server = await judgeServer(({ ANSWER: answer }) => {
      switch (answer as string) {
        case 'refuse':
          return completion('', { message: { role: 'assistant', content: null, refusal: 'I cannot judge this.' } });
        case 'filter':
          return completion('', { finish_reason: 'content_filter' });
        case 'sorry':
          return completion("I'm sorry, but as a language model I would rather not give a number.");
        case 'chatter':
          return completion('I would say 8, maybe 9. {"score": 8}');
        case 'too much':
          return completion('{"score": 11}');
        case 'cut':
          return completion('{"reason": "It is', { finish_reason: 'length' });
        default:
          return completion('7');
      }
    });
    const texts = ['fine', 'refuse', 'filter', 'sorry', 'chatter', 'too much', 'cut', 'fine too'];
    const outcomes = await (await opened(judgeSpecOf(server))).score(texts.map((text) => requestOf(text)));
    const [refused, invalid] = ['JUDGE_REFUSED', 'JUDGE_REPLY_INVALID'];
    assert.deepEqual(summary(outcomes), [7, refused, refused, invalid, invalid, invalid, invalid, 7]);
    assert.match(messageOf(outcomes[1]), /judge-1 to judge, it refused: "I cannot judge this\."/);
    assert.match(messageOf(outcomes[3]), /expected a number from 1 to 10.*"I'm sorry/);
    assert.match(messageOf(outcomes[6]), /cut off at 512 tokens.*"max_tokens"/);
  });

  it('may be asked again with another seed, and every answer is on the bill', async () => {
    const server = await judgeServer((_, { body }) => completion((body as { seed: number }).seed < 2 ? 'Hm.' : '7'));
    const used = { prompt: 0, completion: 0 };
    const onTokens = (_: string, kind: keyof typeof used, tokenCount: number): void => void (used[kind] += tokenCount);
    const { score } = await opened(judgeSpecOf(server, { reasks: 2 }), { listener: { onAttempt: () => {}, onTokens } });
    const [outcome] = await score([requestOf('x', { idempotencyKey: 'k' })]);
    assert.deepEqual(outcome, { ok: true, score: 7, components: { prompt_tokens: 300, completion_tokens: 60 } });
    const posts = server.asked.filter(({ method }) => method === 'POST');
    assert.deepEqual(
      posts.map(({ headers }) => headers['idempotency-key']),
      ['k', 'k/again1', 'k/again2'],
    );
    assert.deepEqual(used, { prompt: 300, completion: 60 });
    const once = await opened(judgeSpecOf(server, { reasks: 1 }));
    assert.deepEqual(summary(await once.score([requestOf('x')])), ['JUDGE_REPLY_INVALID']);
  });

  it('that answers as another model than before is not believed', async () => {
    const server = await judgeServer(({ ANSWER: answer }) =>
      completion('7', {}, { model: answer === 'later' ? 'judge-1-0601' : 'judge-1-0301' }),
    );
    const { score } = await opened(judgeSpecOf(server));
    assert.deepEqual(summary(await score([requestOf('x')])), [7]);
    const outcomes = await score([requestOf('later')]);
    assert.deepEqual(summary(outcomes), ['REWARD_REMOTE_CHANGED']);
    assert.match(messageOf(outcomes[0]), /expected judge-1-0301 to answer, as at the start, got judge-1-0601/);
  });

  it('whose server answers something else than completions is told so', async () => {
    const server = await judgeServer(() => ({ json: { detail: 'ok' } }));
    const { score } = await opened(judgeSpecOf(server));
    const outcomes = await score([requestOf('x')]);
    assert.deepEqual(summary(outcomes), ['REWARD_REMOTE_REPLY_INVALID']);
    assert.match(messageOf(outcomes[0]), /choices\[0\]\.message\.content, got "\{\\"detail/);
  });

  it('is left by its caller at once, and serves the next', async () => {
    const asked = Promise.withResolvers<void>();
    const server = await judgeServer(({ ANSWER: answer }) => {
      if (answer !== 'slow') return completion('7');
      asked.resolve();
      return () => {};
    });
    const { score, started } = await opened(judgeSpecOf(server, { concurrency: 1 }));
    const leave = new AbortController();
    const left = score([requestOf('slow'), requestOf('never begun')], leave.signal);
    await asked.promise;
    leave.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(left, { name: 'AbortError' });
    assert.deepEqual(started, [0]);
    assert.deepEqual(summary(await score([requestOf('fine')])), [7]);
  });

  it('that is closed answers what is under way with an error', async () => {
    const asked = Promise.withResolvers<void>();
    const server = await judgeServer(() => {
      asked.resolve();
      return () => {};
    });
    const { score, backend } = await opened(judgeSpecOf(server));
    const scored = score([requestOf('x')]);
    await asked.promise;
    await backend.close();
    assert.deepEqual(summary(await scored), ['REWARD_BACKEND_FAILED']);
    await backend.close();
  });
});

describe('a judge that cannot be opened', () => {
  const refused = (message: RegExp) => ({ code: 'REWARD_MODEL_BROKEN', message });

  it('has no rubric, no reference answers or no key', async () => {
    const server = await judgeServer(() => completion('7'));
    await assert.rejects(
      opened(judgeSpecOf(server, { rubric: '/nowhere/rubric.md' })),
      refused(/rubric cannot be read/),
    );
    await assert.rejects(
      opened(judgeSpecOf(server, { rubric: textFile(' \n') })),
      refused(/expected a rubric of some text/),
    );
    const pairwise = { mode: 'pairwise', baseline: textFile('{}\n', 'bad.jsonl') } as const;
    await assert.rejects(opened(judgeSpecOf(server, pairwise)), refused(/reference answers.*bad\.jsonl/));
    await assert.rejects(opened(judgeSpecOf(server, { api_key_env: 'JUDGE_KEY' })), refused(/variable JUDGE_KEY/));
  });

  it('is not listed by its server, which is asked for nothing more', async () => {
    const server = await judgeServer(() => completion('7'));
    await assert.rejects(opened(judgeSpecOf(server, { model: 'judge-9' })), refused(/"judge-9", it lists 1: judge-1/));
    assert.deepEqual(
      server.asked.map(({ path }) => path),
      ['/v1/models'],
    );
  });

  it('refuses the key, or is not there', async () => {
    const server = await scriptedServer(() => ({ status: 401, text: 'who are you?' }));
    await assert.rejects(opened(judgeSpecOf(server)), refused(/REWARD_REMOTE_REFUSED.*status 401/));
    await server.close();
    await assert.rejects(opened(judgeSpecOf(server)), refused(/REWARD_REMOTE_UNREACHABLE.*ECONNREFUSED/));
  });

  it('may be a server that lists nothing', async () => {
    const server = await scriptedServer(({ method }) => (method === 'GET' ? { status: 404 } : completion('7')));
    assert.deepEqual(summary(await (await opened(judgeSpecOf(server))).score([requestOf('x')])), [7]);
  });
});

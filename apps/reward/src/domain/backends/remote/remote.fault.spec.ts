/** @file Reward servers that answer wrongly, partly, or as somebody else: named errors, and neighbours keep their scores. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { lmFolder } from '../../../testing/classifier-folders.js';
import { messageOf, opened, requestOf, summary } from '../../../testing/judges.js';
import { scriptedServer, type Answer } from '../../../testing/scripted-server.js';

const requests = ['a', 'bb', 'ccc'].map((text) => requestOf(text));
const invalid = 'REWARD_REMOTE_REPLY_INVALID';

async function openrlhfOf(answer: (query: string[], number: number) => Answer, fields = {}) {
  const server = await scriptedServer(({ body }, number) => answer((body as { query: string[] }).query, number));
  const url = `${server.url}/get_reward`;
  const spec = {
    backend: 'remote',
    protocol: 'openrlhf',
    url,
    template: 'concatenate',
    attempts: 2,
    ...fields,
  } as const;
  return { server, ...(await opened(spec)) };
}

describe('a reply', () => {
  for (const [what, rewards, message] of [
    ['with fewer scores', [1, 2], /3 scores as "rewards", one per response, not 2/],
    ['with more scores', [1, 2, 3, 4], /not 4/],
    ['without scores', undefined, /3 scores as "rewards", got "\{\}"/],
    ['with a text among the scores', [1, '2', 3], /a number as "rewards"\[1\]/],
    ['with lists for scores', [[1], [2], [3]], /a number as "rewards"\[0\]/],
  ] as const) {
    it(`${what} gives none of them`, async () => {
      const { score } = await openrlhfOf(() => ({ json: { rewards } }));
      const outcomes = await score(requests);
      assert.deepEqual(summary(outcomes), [invalid, invalid, invalid]);
      assert.match(messageOf(outcomes[0]), message);
    });
  }

  it('with NaN and infinities, as Python writes them, gives the scores beside them', async () => {
    const { score } = await openrlhfOf(() => ({
      text: '{"rewards": [1.5, NaN, -Infinity], "note": "NaN \\" Infinity"}',
    }));
    const outcomes = await score(requests);
    assert.deepEqual(summary(outcomes), [1.5, 'REWARD_NOT_FINITE', 'REWARD_NOT_FINITE']);
    assert.deepEqual(
      outcomes.slice(1).map((outcome) => /got (\S+)\./.exec(messageOf(outcome))?.[1]),
      ['NaN', '-Infinity'],
    );
  });

  it('that is HTML is named with its first bytes', async () => {
    const { score } = await openrlhfOf(() => ({
      text: '<html>login</html>',
      headers: { 'content-type': 'text/html' },
    }));
    assert.match(messageOf((await score(requests))[2]), /expected JSON.*text\/html.*<html>login/);
  });

  it('of vLLM with an index twice, missing or out of range gives no score', async () => {
    for (const indices of [
      [0, 0],
      [0, 2],
      [-1, 0],
      [0, 0.5],
      [undefined, 1],
    ]) {
      const data = indices.map((index) => ({ index, probs: [1] }));
      const server = await scriptedServer(({ method }) => ({
        json: method === 'GET' ? { data: [{ id: 'rm' }] } : { data },
      }));
      const spec = {
        backend: 'remote',
        protocol: 'vllm',
        url: server.url,
        model: 'rm',
        template: await lmFolder(),
      } as const;
      const outcomes = await (await opened(spec)).score(requests.slice(0, 2));
      assert.deepEqual(summary(outcomes), [invalid, invalid]);
      assert.match(messageOf(outcomes[0]), /the indices 0 to 1 once each/);
    }
  });
});

describe('a server', () => {
  it('that refuses a batch for one of its responses is asked for each alone', async () => {
    const { score, server, started } = await openrlhfOf((query) =>
      query.some((text) => text.endsWith('bb'))
        ? { status: 422, text: 'too long' }
        : { json: { rewards: query.map((text) => text.length) } },
    );
    const outcomes = await score(requests);
    assert.deepEqual(summary(outcomes), [15, 'REWARD_REMOTE_REFUSED', 17]);
    assert.match(messageOf(outcomes[1]), /status 422 with "too long"/);
    assert.equal(server.asked.length, 4);
    assert.deepEqual(started, [0, 1, 2], 'each costs once, however it is asked');
  });

  it('that is gone gives an error for every response, and works again when it is back', async () => {
    const { score, server } = await openrlhfOf((query) => ({ json: { rewards: query.map(() => 1) } }));
    const { port } = server;
    await server.close();
    const unreachable = 'REWARD_REMOTE_UNREACHABLE';
    assert.deepEqual(summary(await score(requests)), [unreachable, unreachable, unreachable]);
    await scriptedServer(() => ({ json: { rewards: [1, 2, 3] } }), port);
    assert.deepEqual(summary(await score(requests)), [1, 2, 3]);
  });

  it('that scores one batch and fails on another fails on that alone', async () => {
    const { score, heard } = await openrlhfOf(
      ([text]) => (text!.endsWith('bb') ? { status: 500, text: 'out of memory' } : { json: { rewards: [1] } }),
      { batch_size: 1 },
    );
    assert.deepEqual(summary(await score(requests)), [1, 'REWARD_REMOTE_FAILED', 1]);
    assert.deepEqual(new Set(heard), new Set([0, 1, 2]));
  });
});

describe('a server that was replaced under its address', () => {
  const vllm = async (state: { root: string; drop?: boolean }) => {
    const server = await scriptedServer(({ method, body }) => {
      if (method === 'GET') return { json: { data: [{ id: 'rm', root: state.root }] } };
      if (state.drop) {
        state.drop = false;
        return (response: ServerResponse) => response.destroy();
      }
      return { json: { model: (body as { model: string }).model, data: [{ index: 0, probs: [1] }] } };
    });
    return opened({ backend: 'remote', protocol: 'vllm', url: server.url, model: 'rm' });
  };

  it('is found out when a connection failed, before it is asked again', async () => {
    const state = { root: 'org/a', drop: false };
    const { score } = await vllm(state);
    assert.deepEqual(summary(await score([requestOf('a')])), [1]);
    Object.assign(state, { root: 'org/b', drop: true });
    const outcomes = await score([requestOf('a')]);
    assert.deepEqual(summary(outcomes), ['REWARD_REMOTE_CHANGED']);
    assert.match(
      messageOf(outcomes[0]),
      /expected id rm, root org\/a to answer, as at the start, got id rm, root org\/b/,
    );
    assert.deepEqual(summary(await score([requestOf('a')])), ['REWARD_REMOTE_CHANGED'], 'for good');
  });

  it('is found out within a minute without that', async () => {
    const state = { root: 'org/a' };
    const { score, clock } = await vllm(state);
    state.root = 'org/b';
    assert.deepEqual(summary(await score([requestOf('a')])), [1]);
    clock.advance(60_000);
    assert.deepEqual(summary(await score([requestOf('a')])), ['REWARD_REMOTE_CHANGED']);
  });

  it('by the same model is asked on', async () => {
    const { score, clock } = await vllm({ root: 'org/a', drop: true });
    assert.deepEqual(summary(await score([requestOf('a')])), [1]);
    clock.advance(60_000);
    assert.deepEqual(summary(await score([requestOf('a')])), [1]);
  });
});

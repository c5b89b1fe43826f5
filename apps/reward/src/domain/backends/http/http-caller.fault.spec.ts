/** @file Servers that are down, slow, full, wrong or in the way: what is tried again, how long, and what the error says. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { HandClock } from '../../../testing/hand-clock.js';
import { scriptedServer, type Script } from '../../../testing/scripted-server.js';
import { callSettings, type CallFields } from './call-settings.js';
import { secretOf } from './endpoint.js';
import { HttpCaller } from './http-caller.js';

const TIMEOUT_MS = 100_000;
const calm = new AbortController().signal;

function callerOf(fields: CallFields = {}, secret = 'sk-secret') {
  const clock = new HandClock(TIMEOUT_MS);
  const settings = callSettings({ timeout_ms: TIMEOUT_MS, attempts: 3, ...fields }, { timeoutMs: TIMEOUT_MS });
  const shown = secretOf({ rewardModel: 'judge', variable: 'KEY', required: true, readSecret: () => secret });
  const outcomes: string[] = [];
  const listener = { onAttempt: (_: string, outcome: string) => outcomes.push(outcome), onTokens: () => {} };
  const caller = new HttpCaller({ rewardModel: 'judge', settings, secret: shown, clock, random: () => 0.5, listener });
  const begun: number[] = [];
  const post = (url: string, signal = calm) =>
    caller.post({ url, body: {}, idempotencyKey: 'r1/ä/0' }, { signal, onBegin: () => begun.push(1) });
  return { post, clock, begun, outcomes };
}

async function serverOf(script: Script) {
  const server = await scriptedServer(script);
  return { server, url: `${server.url}/score?token=hidden` };
}

const fine = { json: { rewards: [1] } };

describe('a server', () => {
  it('is shown the key and the same idempotency key in every attempt, and begins to cost once', async () => {
    const { server, url } = await serverOf((_, number) => (number < 3 ? { status: 502, text: 'bad gateway' } : fine));
    const { post, clock, begun, outcomes } = callerOf();
    assert.deepEqual((await post(url)).json, fine.json);
    assert.deepEqual(
      server.asked.map(({ headers }) => [headers.authorization, headers['idempotency-key'], headers['content-type']]),
      Array.from({ length: 3 }, () => ['Bearer sk-secret', 'r1/%C3%A4/0', 'application/json']),
    );
    assert.deepEqual(clock.jumps, [375, 750], 'half of 500 and of 1000, and as much again by lot');
    assert.equal(begun.length, 1);
    assert.deepEqual(outcomes, ['REWARD_REMOTE_FAILED', 'REWARD_REMOTE_FAILED', 'ok']);
  });

  it('that names a delay is believed, and everyone waits', async () => {
    const { url, server } = await serverOf((_, number) =>
      number === 1 ? { status: 429, headers: { 'retry-after': '7' }, text: 'slow down' } : fine,
    );
    const { post, clock } = callerOf();
    await post(url);
    assert.equal(clock.jumps[0], 7125);
    server.script = (_, number) => (number === 3 ? { status: 503, headers: { 'retry-after-ms': '30' } } : fine);
    await post(url);
    assert.ok(clock.jumps[1]! >= 250, 'never less than the own wait');
  });

  it('that asks for a longer delay than is allowed is not waited for', async () => {
    const { url, server } = await serverOf(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    await assert.rejects(callerOf().post(url), {
      code: 'REWARD_REMOTE_OVERLOADED',
      retryAfterMs: 3_600_000,
      message: /attempt 1 of 3.*3600000 ms/,
    });
    assert.equal(server.asked.length, 1);
  });

  it('whose account is empty, or that dislikes the request, is asked once', async () => {
    const { url, server } = await serverOf(() => ({ status: 429, json: { error: { code: 'insufficient_quota' } } }));
    await assert.rejects(callerOf().post(url), { code: 'REWARD_REMOTE_REFUSED', message: /no quota left/ });
    for (const [status, advice] of [
      [400, /names what it did not like/],
      [401, /api_key_env/],
      [404, /Check the address/],
      [501, /status 501/],
    ] as const) {
      server.script = () => ({ status, json: { detail: 'no' } });
      await assert.rejects(callerOf().post(url), { code: 'REWARD_REMOTE_REFUSED', message: advice });
    }
    assert.equal(server.asked.length, 5);
  });

  it('that fails to the end is named with what came, without key and query', async () => {
    const { url, server } = await serverOf(() => ({ status: 500, text: 'cannot use sk-secret here' }));
    await assert.rejects(callerOf().post(url), ({ code, message }: Error & { code?: string }) => {
      assert.equal(code, 'REWARD_REMOTE_FAILED');
      assert.match(message, /"judge".*\/score \(attempt 3 of 3\).*status 500 with "cannot use \[key\] here"/);
      assert.doesNotMatch(message, /sk-secret|hidden/);
      return true;
    });
    assert.equal(server.asked.length, 3);
  });

  it('that answers HTML is told so, with its first bytes, and not asked again', async () => {
    const { url, server } = await serverOf(() => ({
      headers: { 'content-type': 'text/html' },
      text: '<!doctype html><title>Sign in</title>',
    }));
    await assert.rejects(callerOf().post(url), {
      code: 'REWARD_REMOTE_REPLY_INVALID',
      message: /expected JSON.*text\/html.*<!doctype html>/,
    });
    assert.equal(server.asked.length, 1);
  });

  it('that redirects is not followed, and its target is named', async () => {
    const elsewhere = await serverOf(() => fine);
    const location = `${elsewhere.server.url}?signed=secret`;
    const { url } = await serverOf(() => ({ status: 307, headers: { location } }));
    await assert.rejects(callerOf().post(url), {
      code: 'REWARD_REMOTE_REFUSED',
      message: new RegExp(`points to ${elsewhere.server.url};`),
    });
    assert.equal(elsewhere.server.asked.length, 0, 'no key and no prompt went there');
  });

  it('that sends without end is cut off', async () => {
    const megabyte = 'x'.repeat(2 ** 20);
    const { url } = await serverOf(() => (response: ServerResponse) => {
      const more = (): void => {
        while (!response.destroyed && response.write(megabyte));
      };
      response.on('drain', more);
      more();
    });
    await assert.rejects(callerOf().post(url), {
      code: 'REWARD_REMOTE_REPLY_INVALID',
      message: /at most 8388608 bytes/,
    });
  });

  it('that drips its reply is given up after the time for the whole of it', async () => {
    const dripped = Promise.withResolvers<void>();
    const { url } = await serverOf(() => (response: ServerResponse) => {
      response.write('{"rewa', () => dripped.resolve());
    });
    const { post, clock } = callerOf({ attempts: 1 });
    const posted = post(url);
    await dripped.promise;
    clock.expire();
    await assert.rejects(posted, { code: 'REWARD_REMOTE_TIMEOUT', message: /within 100000 ms/ });
  });

  it('that is silent is given up, and asked again', async () => {
    const asked = Promise.withResolvers<void>();
    const { url } = await serverOf((_, number) => {
      if (number > 1) return fine;
      asked.resolve();
      return () => {};
    });
    const { post, clock } = callerOf();
    const posted = post(url);
    await asked.promise;
    clock.expire();
    assert.deepEqual((await posted).json, fine.json);
  });

  it('that breaks the connection is asked again; one that is not there is named', async () => {
    const { server, url } = await serverOf((_, number) =>
      number === 1 ? (response: ServerResponse) => response.destroy() : fine,
    );
    assert.deepEqual((await callerOf().post(url)).json, fine.json);
    await server.close();
    await assert.rejects(callerOf().post(url), {
      code: 'REWARD_REMOTE_UNREACHABLE',
      status: 'UNAVAILABLE',
      message: /attempt 3 of 3.*ECONNREFUSED.*Start the server/,
    });
  });

  it('is left at once by a caller that leaves', async () => {
    const asked = Promise.withResolvers<ServerResponse>();
    const { url } = await serverOf(() => (response: ServerResponse) => asked.resolve(response));
    const leave = new AbortController();
    const posted = callerOf().post(url, leave.signal);
    const response = await asked.promise;
    leave.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(posted, { name: 'AbortError' });
    if (!response.destroyed) await once(response, 'close');
  });
});

describe('a key', () => {
  const base = { rewardModel: 'judge', variable: 'KEY', required: true, readSecret: () => 'abc' };

  it('that is named must be there and fit into a header', () => {
    for (const secret of [undefined, '', 'two words', 'line\nend']) {
      assert.throws(() => secretOf({ ...base, readSecret: () => secret }), {
        code: 'REWARD_MODEL_BROKEN',
        message: /variable KEY/,
      });
    }
    assert.deepEqual(secretOf({ ...base, required: false, readSecret: () => undefined }).headers, {});
    assert.deepEqual(secretOf({ ...base, variable: null }).headers, {});
    assert.deepEqual(secretOf({ ...base, header: 'Api-Key' }).headers, { 'api-key': 'abc' });
  });
});

/** @file Calls between real clients and a real Nest application over the contract. */
import { describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { RequestInvalidError } from '#core';
import { createRpcClient, type CallContext } from '#platform/rpc';
import { aborted, gate, remote } from '../support/calls.js';
import { startTinyApp } from '../support/tiny-app.js';
import { startTinyRig } from '../support/tiny-rig.js';

const { behaviour, app, reward, policy, admin } = await startTinyRig();

describe('calls between services', () => {
  it('answer a unary call with typed messages', async () => {
    behaviour.annotate = async (request) => ({
      items: request.items.map(({ itemId }) => ({ itemId, annotations: [{ score: 0.5 }] })),
    });
    const reply = await reward.annotate({ rewardModel: 'vader', items: [{ itemId: 'a' }] });
    deepEqual([reply.items[0]?.itemId, reply.items[0]?.annotations[0]?.score], ['a', 0.5]);
  });

  it('answer a method that nobody serves with UNIMPLEMENTED', async () => {
    await rejects(reward.getRewardModel({}), remote('UNIMPLEMENTED', 'UNIMPLEMENTED'));
  });

  it('serve a port with its own services only', async () => {
    const wrongPort = createRpcClient('metaapo.policy.v1.PolicyAdminService', app.address());
    await rejects(wrongPort.listAdapters({}), remote('UNIMPLEMENTED', 'UNIMPLEMENTED'));
    wrongPort.close();
  });

  it('stream responses in order and end', async () => {
    behaviour.generate = async function* () {
      for (let index = 0; index < 3; index += 1) yield { sample: { sampleIndex: index } };
    };
    const seen = [];
    for await (const { sample } of policy.generateResponses({})) seen.push(sample?.sampleIndex);
    deepEqual(seen, [0, 1, 2]);
  });

  it('stream requests in order and answer once', async () => {
    behaviour.putAdapter = async (requests) => {
      let bytes = 0;
      for await (const { chunk } of requests) bytes += chunk?.data.length ?? 0;
      return { adapter: { residentBytes: bytes } };
    };
    const reply = await admin.putAdapter([{ chunk: { data: Buffer.alloc(5) } }, { chunk: { data: Buffer.alloc(7) } }]);
    equal(reply.adapter?.residentBytes, '12');
  });

  it('carry request id, metadata and deadline to the handler', async () => {
    let seen: CallContext | undefined;
    behaviour.listRewardModels = async (_request, context) => {
      seen = context;
      return {};
    };
    const startMs = Date.now();
    await reward.listRewardModels({}, { timeoutMs: 30_000, metadata: { 'x-request-id': 'r1', 'x-team': 'blue' } });
    deepEqual([seen?.requestId, seen?.metadata['x-team']], ['r1', 'blue']);
    equal(seen?.method, '/metaapo.reward.v1.RewardService/ListRewardModels');
    const left = (seen?.deadlineAtMs ?? 0) - startMs;
    ok(left > 25_000 && left <= 31_000, `deadline ${left} ms ahead`);
  });

  it('pass the deadline, id and trace of the call being answered on to the next service', async () => {
    const seen: CallContext[] = [];
    behaviour.annotate = async (_request, context) => {
      seen.push(context);
      await reward.listRewardModels({}, { parent: context, timeoutMs: 60_000 });
      return {};
    };
    behaviour.listRewardModels = async (_request, context) => {
      seen.push(context);
      return {};
    };
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    await reward.annotate({}, { timeoutMs: 20_000, metadata: { traceparent } });
    equal(seen[1]?.requestId, seen[0]?.requestId);
    equal(seen[1]?.traceparent, traceparent);
    ok(Math.abs((seen[1]?.deadlineAtMs ?? 0) - (seen[0]?.deadlineAtMs ?? 0)) < 5000);
  });

  it('fail with DEADLINE_EXCEEDED and abort the handler when the time is over', async () => {
    const over = gate();
    behaviour.annotate = async (_request, { signal }) => {
      await aborted(signal);
      over.open();
      return {};
    };
    await rejects(reward.annotate({}, { timeoutMs: 50 }), remote('DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'));
    await over.opened;
  });

  it('fail with the reason of the signal that cancels, and abort the handler', async () => {
    const arrived = gate();
    const over = gate();
    behaviour.annotate = async (_request, { signal }) => {
      arrived.open();
      await aborted(signal);
      over.open();
      return {};
    };
    const stop = new AbortController();
    const call = reward.annotate({}, { signal: stop.signal });
    await arrived.opened;
    stop.abort(new Error('enough'));
    await rejects(call, /enough/);
    await over.opened;
    await rejects(reward.annotate({}, { signal: stop.signal }), /enough/);
  });

  it('cancel the call when the caller leaves the loop over a stream', async () => {
    const over = gate();
    behaviour.generate = async function* (_request, { signal }) {
      try {
        for (let index = 0; ; index += 1) {
          yield { sample: { sampleIndex: index } };
          if (index === 0) await aborted(signal);
        }
      } finally {
        over.open();
      }
    };
    for await (const { sample } of policy.generateResponses({})) {
      equal(sample?.sampleIndex, 0);
      break;
    }
    await over.opened;
  });

  it('slow a stream of responses down to its reader', async () => {
    const messageCount = 3000;
    let produced = 0;
    behaviour.generate = async function* () {
      for (; produced < messageCount; produced += 1) yield { sample: { text: 'x'.repeat(64 * 1024) } };
    };
    const stream = policy.generateResponses({})[Symbol.asyncIterator]();
    await stream.next();
    const producedWhilePaused = await steady(() => produced);
    ok(producedWhilePaused < 200, `${producedWhilePaused} messages produced for a reader that paused`);
    let read = 1;
    while (!(await stream.next()).done) read += 1;
    equal(read, messageCount);
  });

  it('slow a stream of requests down to its handler', async () => {
    const messageCount = 2000;
    const goOn = gate();
    behaviour.putAdapter = async (requests) => {
      let read = 0;
      for await (const _request of requests) {
        read += 1;
        if (read === 1) await goOn.opened;
      }
      return { adapter: { parameterCount: read } };
    };
    let produced = 0;
    async function* source() {
      for (; produced < messageCount; produced += 1) yield { chunk: { data: Buffer.alloc(64 * 1024) } };
    }
    const reply = admin.putAdapter(source());
    const producedWhilePaused = await steady(() => produced);
    ok(producedWhilePaused < 300, `${producedWhilePaused} messages sent to a handler that paused`);
    goOn.open();
    equal((await reply).adapter?.parameterCount, String(messageCount));
  });

  it('stop the source of requests when the handler answers early', async () => {
    behaviour.putAdapter = async (requests) => {
      for await (const _request of requests) throw new RequestInvalidError([]);
      return {};
    };
    let stopped = false;
    async function* source() {
      try {
        for (;;) yield { chunk: { data: Buffer.alloc(1024) } };
      } finally {
        stopped = true;
      }
    }
    await rejects(admin.putAdapter(source()), remote('REQUEST_INVALID', 'INVALID_ARGUMENT'));
    ok(stopped);
  });

  it('report the failure of a source of requests itself', async () => {
    behaviour.putAdapter = async (requests) => {
      for await (const _request of requests) void 0;
      return {};
    };
    async function* source() {
      yield {};
      throw new TypeError('no more adapters');
    }
    await rejects(admin.putAdapter(source()), /no more adapters/);
  });

  it('refuse messages over the limit with RESOURCE_EXHAUSTED, on either side', async () => {
    const text = 'x'.repeat(2 << 20);
    await rejects(reward.annotate({ rewardModel: text }), remote('RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED'));
    behaviour.annotate = async () => ({ items: [{ itemId: text }] });
    await rejects(reward.annotate({}), remote('RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED'));
    const cautious = createRpcClient('metaapo.reward.v1.RewardService', app.address(), { messageBytesMax: 1000 });
    behaviour.annotate = async () => ({ items: [{ itemId: 'x'.repeat(2000) }] });
    await rejects(cautious.annotate({}), remote('RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED'));
    cautious.close();
  });

  it('fail at once with UNAVAILABLE where nobody listens, or wait until somebody does', async () => {
    const closed = await startTinyApp(behaviour);
    const address = closed.address();
    await closed.close();
    const lonely = createRpcClient('metaapo.reward.v1.RewardService', address);
    await rejects(lonely.listRewardModels({}), remote('UNAVAILABLE', 'UNAVAILABLE'));
    const waiting = lonely.listRewardModels({}, { waitForReady: true, timeoutMs: 20_000 });
    const late = await startTinyApp(behaviour, { address });
    await waiting;
    lonely.close();
    await late.close();
  });

  it('repeat a call that may be repeated, at another address too', async () => {
    const nobody = await startTinyApp(behaviour);
    const deadAddress = nobody.address();
    await nobody.close();
    const client = createRpcClient('metaapo.reward.v1.RewardService', [deadAddress, app.address()]);
    await client.listRewardModels({}, { retry: { attemptsMax: 2, delayMsFirst: 1 } });
    client.close();
  });

  it('refuse more calls at once than the server may answer', async () => {
    const small = await startTinyApp(behaviour, { concurrentCallsMax: 1 });
    const client = createRpcClient('metaapo.reward.v1.RewardService', small.address());
    const arrived = gate();
    const goOn = gate();
    behaviour.annotate = async () => {
      arrived.open();
      await goOn.opened;
      return {};
    };
    const first = client.annotate({});
    await arrived.opened;
    await rejects(client.listRewardModels({}), remote('CALLS_FULL', 'RESOURCE_EXHAUSTED'));
    goOn.open();
    await first;
    await client.listRewardModels({});
    client.close();
    await small.close();
  });
});

/** Waits until a count stops growing: unchanged over 50 turns of the event loop, I/O included. */
async function steady(count: () => number): Promise<number> {
  for (let last = -1, turns = 0; ; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (count() !== last) {
      last = count();
      turns = 0;
    }
    if (turns > 2000) return last;
  }
}

/**
 * Goal: units wait, start, stop and slow down as promised. Method: the real service over gRPC; the engine's own methods
 * are wrapped to count what it is asked for and to hold it.
 */
import { equal, ok, rejects } from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { GenerateResponsesRequest, ScoreItem } from '#contracts/policy';
import type { PolicyEngine } from '#ml/engine';
import { RemoteError } from '#platform/rpc';
import { drained, gate } from '../../../test/support/calls.js';
import { sharedFolder, skipWithout } from '../../../test/support/shared-folder.js';
import { PolicyServer } from './testing/policy-server.js';

const MODEL = join(sharedFolder('golden'), 'models', 'llama-tied');
const items: ScoreItem[] = [{ itemId: 'a', prompt: { text: 'the river' }, responses: [{ text: 'is wide' }] }];

/** Many samples of many tokens. */
function longGeneration(itemCount: number, maxNewTokens: number): GenerateResponsesRequest {
  return {
    items: Array.from({ length: itemCount }, (_, index) => ({
      itemId: String(index),
      prompt: { text: 'the river' },
      seed: String(index),
    })),
    samplesPerPrompt: 8,
    sampling: { temperature: 1, maxNewTokens },
  };
}

describe('units of the policy service', { skip: skipWithout('golden') }, () => {
  let server: PolicyServer;
  let engine: PolicyEngine;
  let untouched: Pick<PolicyEngine, 'score' | 'generate'>;
  let sampleCount = 0;
  let scoreCount = 0;

  before(async () => {
    server = await PolicyServer.start(MODEL, { POLICY_QUEUE_UNITS_MAX: '1' });
    engine = server.parts.engine;
    untouched = { score: engine.score.bind(engine), generate: engine.generate.bind(engine) };
    engine.generate = (unit, onSample, options) => {
      const counting: typeof onSample = (sample) => {
        sampleCount += 1;
        return onSample(sample);
      };
      return untouched.generate(unit, counting, options);
    };
  });
  afterEach(() => {
    engine.score = untouched.score;
    sampleCount = 0;
    scoreCount = 0;
  });
  after(() => server?.stop());

  /** Keeps every score unit in the engine until it is opened. */
  function holdScores() {
    const held = gate();
    const started = gate();
    engine.score = async (unit, options) => {
      scoreCount += 1;
      started.open();
      await held.opened;
      return untouched.score(unit, options);
    };
    return { open: () => held.open(), started: started.opened };
  }

  it('refuses the unit that exceeds the queue, with the time to come back after', async () => {
    const held = holdScores();
    const computing = server.policy.scoreResponses({ items });
    await held.started;
    const waiting = server.policy.scoreResponses({ items });
    await queued(server, 1);
    await rejects(server.policy.scoreResponses({ items }), (thrown) => {
      ok(thrown instanceof RemoteError);
      equal(thrown.code, 'QUEUE_FULL');
      equal(thrown.status, 'RESOURCE_EXHAUSTED');
      ok((thrown.retryAfterMs ?? 0) > 0);
      return true;
    });
    held.open();
    await Promise.all([computing, waiting]);
    equal(scoreCount, 2);
  });

  it('never starts a unit whose caller left or whose deadline passed while it waited', async () => {
    const held = holdScores();
    const computing = server.policy.scoreResponses({ items });
    await held.started;
    const leaving = new AbortController();
    const left = server.policy.scoreResponses({ items }, { signal: leaving.signal });
    await queued(server, 1);
    leaving.abort();
    await rejects(left);
    await queued(server, 0);
    await rejects(server.policy.scoreResponses({ items }, { timeoutMs: 30 }), { status: 'DEADLINE_EXCEEDED' });
    await queued(server, 0);
    held.open();
    await computing;
    equal(scoreCount, 1);
  });

  it('stops a cancelled generation, and the next unit has the engine', async () => {
    const leaving = new AbortController();
    const stream = server.policy.generateResponses(longGeneration(128, 240), { signal: leaving.signal });
    await rejects(async () => {
      for await (const { sample } of stream) if (sample) leaving.abort();
    });
    const { items: scored } = await server.policy.scoreResponses({ items });
    equal(scored[0]?.status?.code, 0);
    ok(sampleCount < 128 * 8, `${sampleCount} samples were made`);
    const before = sampleCount;
    await server.policy.scoreResponses({ items });
    equal(sampleCount, before, 'no sample was made after the next unit began');
  });

  it('stops a generation whose reader just leaves the loop', async () => {
    for await (const { sample } of server.policy.generateResponses(longGeneration(128, 240))) if (sample) break;
    await server.policy.scoreResponses({ items });
    ok(sampleCount < 128 * 8, `${sampleCount} samples were made`);
  });

  it('computes no further than a slow reader reads', async () => {
    // One token each: samples come without a pause, and many more than the buffers on the way can hold.
    const request = { ...longGeneration(256, 1), samplesPerPrompt: 64 };
    const stream = server.policy.generateResponses(request)[Symbol.asyncIterator]();
    await stream.next();
    // The engine has time to run ahead: until so many calls in a row were answered without a new sample.
    for (let quietCount = 0, last = -1; quietCount < 100; quietCount += 1) {
      if (sampleCount !== last) quietCount = 0;
      last = sampleCount;
      await server.policy.getPolicy({});
    }
    ok(sampleCount < 256 * 64, `all ${sampleCount} samples were made for a reader of one`);
    await stream.return?.();
  });

  it('says where the time went, in parts that do not exceed the whole', async () => {
    const { timing } = await server.policy.scoreResponses({ items });
    const ms = (span: { seconds: string; nanos: number } | null | undefined) =>
      Number(span?.seconds) * 1e3 + Number(span?.nanos) / 1e6;
    ok(ms(timing?.compute) > 0);
    ok(ms(timing?.queue) + ms(timing?.tokenize) + ms(timing?.compute) <= ms(timing?.total));
  });

  it('answers other calls while a unit computes', async () => {
    const running = drained(server.policy.generateResponses(longGeneration(16, 60)));
    for (let call = 0; call < 20; call += 1) await server.policy.getPolicy({});
    await running;
  });
});

/** Resolves when so many units wait. */
async function queued({ parts, policy }: PolicyServer, depth: number): Promise<void> {
  while (parts.runner.depth !== depth) await policy.getPolicy({});
}

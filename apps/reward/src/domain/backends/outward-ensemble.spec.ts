/** @file Ensembles with members that ask other servers: they bill, each member by a key of its own, and tell what it cost. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '#core';
import { Annotator } from '../annotator.js';
import { completion, judgeServer, judgeSpecOf, opened, requestOf, summary } from '../../testing/judges.js';
import { registryOf } from '../../testing/lifecycle-of.js';
import { scriptedServer } from '../../testing/scripted-server.js';
import type { RequestLog } from '../request-log.js';

async function ensembleOf(rewards: (texts: string[]) => unknown) {
  const judge = await judgeServer(({ ANSWER: answer }) => completion(String(answer!.length)));
  const rm = await scriptedServer(({ body }) => ({ json: { rewards: rewards((body as { query: string[] }).query) } }));
  const price = { prompt_per_million: 1, completion_per_million: 5 };
  const url = `${rm.url}/get_reward`;
  const spec = {
    backend: 'ensemble',
    members: [
      { name: 'judge', model: judgeSpecOf(judge, { price }) },
      { name: 'rm', model: { backend: 'remote', protocol: 'openrlhf', url, template: 'concatenate', batch_size: 1 } },
      { name: 'words', model: { backend: 'length' } },
    ],
  } as const;
  return { spec, judge, rm };
}

describe('an ensemble of a judge, a remote server and a rule', () => {
  it('bills, starts each response once, and passes on what the judge cost', async () => {
    const { spec, judge, rm } = await ensembleOf((texts) => texts.map((text) => text.length / 100));
    const { score, started, backend } = await opened(spec);
    assert.equal(backend.describe().mayBill, true);
    const [outcome] = await score([requestOf('four', { idempotencyKey: 'r/i/0' })]);
    assert.deepEqual(outcome, {
      ok: true,
      score: 4 + 0.18 + 1,
      components: {
        judge: 4,
        rm: 0.18,
        words: 1,
        'judge/prompt_tokens': 100,
        'judge/completion_tokens': 20,
        'judge/cost': (100 + 20 * 5) / 1e6,
      },
    });
    assert.deepEqual(started, [0]);
    const keys = [judge, rm].map(({ asked }) => asked.at(-1)!.headers['idempotency-key']);
    assert.deepEqual(keys, ['r/i/0/judge', 'r/i/0/rm']);
  });

  it('has no score where one member has none, and neighbours keep theirs', async () => {
    const { spec } = await ensembleOf(([text]) => (text!.endsWith('bad') ? [] : [1]));
    const { score } = await opened(spec);
    const outcomes = await score([requestOf('four'), requestOf('bad')]);
    assert.deepEqual(summary(outcomes), [4 + 1 + 1, 'REWARD_REMOTE_REPLY_INVALID']);
  });

  it('has each score in the log of paid requests, and asks only for what is missing when the request comes again', async () => {
    const { spec, judge } = await ensembleOf((texts) => texts.map(() => 1));
    const bought = new Map<string, { score: number; components: Readonly<Record<string, number>> }>();
    const log: RequestLog = {
      begin: () => ({
        bought: new Map([...bought].slice(0, 1)),
        record: (key, { score, components }) => void bought.set(key, { score, components }),
      }),
    };
    const registry = await registryOf({ all: spec });
    const items = [
      { itemId: 'i', prompt: { kind: 'text', text: 'p' }, responses: ['aa', 'bbb'].map(textForm) },
    ] as const;
    const annotate = async () => {
      const annotator = new Annotator({ registry, clock: systemClock, log });
      const command = { requestId: 'r', rewardModel: 'all', epoch: '0', items };
      return annotator.annotate(command, new AbortController().signal);
    };
    const first = await annotate();
    assert.deepEqual([...bought.keys()].toSorted(), ['r/i/0', 'r/i/1']);
    const askedOnce = judge.asked.length;
    assert.deepEqual((await annotate()).items, first.items);
    assert.equal(judge.asked.length, askedOnce + 1, 'one of two was bought before');
  });
});

const textForm = (text: string) => ({ kind: 'text', text, truncated: false }) as const;

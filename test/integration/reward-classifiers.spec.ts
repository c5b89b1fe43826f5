/**
 * Goal: classifiers give over the wire what transformers gives, alone and in a crowd, with provenance and timing. Method: the
 * deployed program with the golden models, one call with all texts, and as many callers as there are texts at once.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AnnotateResponse__Output } from '#contracts/reward';
import { present } from '#core';
import { createRpcClient, fromDuration, type RpcClient } from '#platform/rpc';
import { ChildService } from '../support/child-service.js';
import { sharedFolder, skipWithout } from '../support/shared-folder.js';

const PROGRAM = new URL('../../apps/reward/src/main.js', import.meta.url);
const CASES = ['reward-llama', 'reward-qwen2', 'reward-bert'] as const;

interface Golden {
  readonly model: string;
  readonly onnx?: string;
  readonly tolerance: { readonly scores: { readonly abs: number } };
  readonly chats?: readonly {
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly score: number;
  }[];
  readonly pairs?: readonly { readonly prompt: string; readonly response: string; readonly score: number }[];
}

const goldenOf = (name: string): Golden =>
  JSON.parse(readFileSync(join(sharedFolder('golden'), 'cases', name, 'case.json'), 'utf8')) as Golden;

const specOf = ({ model, onnx }: Golden) =>
  onnx === undefined
    ? { backend: 'lm-classifier', path: join(sharedFolder('golden'), model) }
    : { backend: 'onnx-classifier', path: join(sharedFolder('golden'), dirname(onnx)) };

/** Items of a request, and the score that each should have. */
function itemsOf({ chats = [], pairs = [] }: Golden) {
  return [
    ...chats.map(({ messages, score }) => ({
      prompt: { conversation: { messages: messages.slice(0, -1) } },
      responses: [{ text: present(messages.at(-1), 'response').content }],
      score,
    })),
    ...pairs.map(({ prompt, response, score }) => ({
      prompt: { text: prompt },
      responses: [{ text: response }],
      score,
    })),
  ].map(({ score, ...item }, index) => ({ item: { itemId: String(index), ...item }, score }));
}

const scoresOf = ({ items }: AnnotateResponse__Output): number[] =>
  items.flatMap(({ annotations }) =>
    annotations.map(({ status, score }) => (status?.code === 0 ? (score ?? NaN) : NaN)),
  );

describe('classifiers over gRPC', { skip: skipWithout('golden') }, () => {
  let service: ChildService;
  let client: RpcClient<'metaapo.reward.v1.RewardService'>;

  before(async () => {
    const models = Object.fromEntries(CASES.map((name) => [name, specOf(goldenOf(name))]));
    service = new ChildService(PROGRAM, {
      REWARD_ADDRESS: '127.0.0.1:0',
      REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: JSON.stringify(models),
      REWARD_CLIENT_BATCH_SIZE_MAX: '64',
    });
    const { address } = await service.event('ready');
    client = createRpcClient('metaapo.reward.v1.RewardService', address ?? '');
  });
  after(() => {
    client.close();
    service.kill();
  });

  for (const name of CASES) {
    it(`${name}: one call gives the golden scores, and says what gave them and where the time went`, async () => {
      const golden = goldenOf(name);
      const items = itemsOf(golden);
      const answer = await client.annotate({ rewardModel: name, items: items.map(({ item }) => item) });
      scoresOf(answer).forEach((score, index) => {
        const expected = present(items[index], 'item').score;
        ok(Math.abs(score - expected) <= golden.tolerance.scores.abs, `${index}: ${score} is not ${expected}`);
      });
      const { backend, dtype, executionProvider, weightsDigest, tokenizerDigest, templateDigest } = present(
        answer.provenance,
        'provenance',
      );
      deepEqual([backend, dtype, executionProvider], [specOf(golden).backend, 'float32', 'cpu']);
      for (const digest of [weightsDigest, tokenizerDigest]) match(digest, /^sha256:[0-9a-f]{64}$/);
      equal(templateDigest === '', golden.chats === undefined);
      const { queue, tokenize, compute, total } = present(answer.timing, 'timing');
      const [q, t, c, all] = [queue, tokenize, compute, total].map((part) =>
        fromDuration(present(part, 'part of timing')),
      );
      ok(t! > 0 && c! > 0, `tokenize ${t} ms, compute ${c} ms`);
      ok(q! + t! + c! <= all! + 1e-3, `${q} + ${t} + ${c} within ${all} ms`);
    });

    it(`${name}: as many callers as texts at once get the same bits`, async () => {
      const items = itemsOf(goldenOf(name)).map(({ item }) => item);
      const together = scoresOf(await client.annotate({ rewardModel: name, items }));
      const crowd = await Promise.all(items.map((item) => client.annotate({ rewardModel: name, items: [item] })));
      deepEqual(crowd.flatMap(scoresOf), together);
    });
  }

  it('spoil nobody by a response that has no score, whoever brings it', async () => {
    const [good] = itemsOf(goldenOf('reward-bert'));
    const { item, score } = present(good, 'item');
    const bad = { ...item, responses: [{ text: 'word '.repeat(5000) }, { text: '' }] };
    const [refused, scored] = await Promise.all([
      client.annotate({ rewardModel: 'reward-bert', items: [bad] }),
      client.annotate({ rewardModel: 'reward-bert', items: [item] }),
    ]);
    const reasons = refused.items.flatMap(({ annotations }) => annotations.map(({ status }) => status?.reason));
    deepEqual(reasons, ['REWARD_INPUT_TOO_LONG', 'RESPONSE_EMPTY']);
    ok(Math.abs(present(scoresOf(scored)[0], 'score') - score) < 1e-5);
  });

  it('refuse a call with more responses than one may bring', async () => {
    const responses = Array.from({ length: 65 }, () => ({ text: 'x' }));
    const request = { rewardModel: 'reward-bert', items: [{ itemId: 'a', prompt: { text: 'p' }, responses }] };
    await rejects(client.annotate(request), { code: 'CLIENT_BATCH_TOO_LARGE', status: 'RESOURCE_EXHAUSTED' });
  });
});

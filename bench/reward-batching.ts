/**
 * @file What do batches across callers bring? An ONNX classifier behind the deployed service, asked by 1 and by 32 callers with
 * one response each: once with batches of all callers, once with each call by itself, in turns.
 */
import { join } from 'node:path';
import { present, systemClock } from '#core';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import type { Benchmark } from './benchmark.js';
import { median, type Measurement } from './measurement.js';
import { Child } from './rewards/child.js';
import { ENCODERS, writeEncoder, type EncoderShape } from './rewards/encoder-folder.js';

const JOB = 'classifier';
const CALLERS_MAX = 32;
const RATIO_MIN = 3;
const DIFFERENCE_MAX = 1e-5;
const WARM_UP_MS = 1000;
const MEASURED_MS = 4000;
/** A token is a character here: 30 to 56 with the special ones. */
const PROMPT = 'What is it like?';
const WORDS = 'a day of rain at sea and no wind to sail on with';
const RESPONSES = Array.from({ length: CALLERS_MAX }, (_, index) => WORDS.slice(0, 11 + (index % 27)));

type Reward = RpcClient<'metaapo.reward.v1.RewardService'>;

/** Calls per second of so many callers, and the scores they got, by text. */
async function load(
  client: Reward,
  callers: number,
  forMs: number,
): Promise<{ perSecond: number; scores: Map<string, number> }> {
  const scores = new Map<string, number>();
  const startMs = systemClock.monotonicMs();
  const endMs = startMs + forMs;
  let calls = 0;
  const caller = async (own: number): Promise<void> => {
    for (let turn = own; systemClock.monotonicMs() < endMs; turn += callers) {
      const text = present(RESPONSES[turn % RESPONSES.length], 'response');
      const { items } = await client.annotate({
        rewardModel: 'judge',
        items: [{ itemId: 'a', prompt: { text: PROMPT }, responses: [{ text }] }],
      });
      scores.set(text, present(items[0]?.annotations[0]?.score, 'score'));
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, own) => caller(own)));
  return { perSecond: (1000 * calls) / (systemClock.monotonicMs() - startMs), scores };
}

export const rewardBatching: Benchmark = async ({ rounds }, { folder, say }) => {
  const measurements: Measurement[] = [];
  for (const [name, shape] of Object.entries(ENCODERS)) {
    say(`a cross-encoder in the shape of ${name}`);
    measurements.push(...(await measured(name, shape, join(folder, name), rounds)));
  }
  return measurements;
};

async function measured(name: string, shape: EncoderShape, path: string, rounds: number): Promise<Measurement[]> {
  writeEncoder(path, shape);
  const models = { judge: { backend: 'onnx-classifier', path } };
  const modes = ['across_calls', 'per_call'] as const;
  const children = await Promise.all(modes.map((mode) => Child.reward(models, { REWARD_BATCHING: mode })));
  const clients = children.map(({ address }) => createRpcClient('metaapo.reward.v1.RewardService', address));
  try {
    const perSecond = new Map<string, number[]>();
    const scores: Map<string, number>[] = [];
    for (const client of clients) await load(client, CALLERS_MAX, WARM_UP_MS);
    for (let round = 0; round < rounds; round += 1) {
      for (const callers of [1, CALLERS_MAX]) {
        for (const [at, client] of clients.entries()) {
          const result = await load(client, callers, MEASURED_MS);
          const key = `${modes[at]} ${callers}`;
          perSecond.set(key, [...(perSecond.get(key) ?? []), result.perSecond]);
          scores.push(result.scores);
        }
      }
    }
    return figures(name, perSecond, scores);
  } finally {
    for (const client of clients) client.close();
    await Promise.all(children.map((child) => child.stop()));
  }
}

function figures(
  name: string,
  perSecond: ReadonlyMap<string, readonly number[]>,
  scores: readonly ReadonlyMap<string, number>[],
): Measurement[] {
  const of = (mode: string, callers: number) => present(perSecond.get(`${mode} ${callers}`), 'rounds');
  const ratios = (callers: number) => of('across_calls', callers).map((ours, i) => ours / of('per_call', callers)[i]!);
  const rate = (mode: string, callers: number): Measurement => {
    const what = `${mode === 'per_call' ? 'each call by itself' : 'batches across callers'}, callers: ${callers}`;
    return { job: `${JOB} ${name}`, name: what, value: median(of(mode, callers)), unit: 'responses/s' };
  };
  const ratio = (callers: number, goal?: Measurement['goal']): Measurement => ({
    job: `${JOB} ${name}`,
    name: `batches across callers are as fast, callers: ${callers}`,
    value: median(ratios(callers)),
    unit: 'times',
    rounds: ratios(callers),
    ...(goal && { goal }),
  });
  const differences = RESPONSES.map((text) => {
    const seen = scores.flatMap((one) => one.get(text) ?? []);
    return Math.max(...seen) - Math.min(...seen);
  });
  return [
    ...[1, CALLERS_MAX].flatMap((callers) => [rate('per_call', callers), rate('across_calls', callers)]),
    ratio(1),
    ratio(CALLERS_MAX, { relation: 'at least', bound: RATIO_MIN }),
    {
      job: `${JOB} ${name}`,
      name: 'largest difference between scores of one response, whatever it was batched with',
      value: Math.max(...differences),
      unit: '',
      goal: { relation: 'at most', bound: DIFFERENCE_MAX },
    },
  ];
}

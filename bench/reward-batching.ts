/**
 * @file What do batches across callers bring? An ONNX classifier asked by 1 and by 32 callers with one response each: once with
 * batches of all callers, once with each call by itself, in turns; in this process, and behind the deployed service.
 *
 * The goal is for the golden model, whose passes cost more than their arithmetic. A core multiplies the
 * matrices of larger ones as fast for one response as for many: there batches bring what more cores and devices can do.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { present, systemClock } from '#core';
import type { BatchingOptions } from '#ml/reward-models';
import { createRpcClient } from '#platform/rpc';
import { ClassifierBackend } from '../apps/reward/src/domain/backends/classifier-backend.js';
import { sharedFolder } from '../test/support/shared-folder.js';
import type { Benchmark } from './benchmark.js';
import { Child } from './child.js';
import { median, type Measurement } from './measurement.js';
import { ENCODERS, writeEncoder } from './rewards/encoder-folder.js';

const CALLERS_MAX = 32;
const RATIO_MIN = 3;
/** Where it is absent, one of its shape stands in for it. */
const GOLDEN = 'reward-bert';
const STAND_IN = 'golden';
const DIFFERENCE_MAX = 1e-5;
const WARM_UP_MS = 1000;
const MEASURED_MS = 2500;
const TIMEOUT_MS = 60_000;
/** Responses of one prompt, as a policy samples them. A token of the random models is a character: 17 to 24 with the special ones, about what the golden pairs have. */
const PROMPT = 'Is it?';
const WORDS = 'rain at sea, and a wind to sail on with';
const RESPONSES = Array.from({ length: CALLERS_MAX }, (_, index) => {
  const start = index % 16;
  return WORDS.slice(start, start + 8 + (index % 8));
});
const MODES = ['per_call', 'across_calls'] as const;
type Mode = (typeof MODES)[number];

/** A classifier that is asked for one score at a time by each caller. */
interface Asked {
  score(text: string): Promise<number>;
  close(): Promise<void>;
}

async function inProcess(path: string, batching: BatchingOptions): Promise<Asked> {
  const spec = { backend: 'onnx-classifier', path } as const;
  const limits = { timeoutMs: TIMEOUT_MS, loadTimeoutMs: TIMEOUT_MS, clock: systemClock };
  const backend = await ClassifierBackend.start({ rewardModel: 'judge', spec, batching, ...limits });
  return {
    score: async (response) => {
      const request = { prompt: { messages: [], text: PROMPT }, response, truncated: false };
      const [outcome] = await backend.score([request], { signal: new AbortController().signal, onStart: () => {} });
      return outcome?.ok ? outcome.score : Number.NaN;
    },
    close: () => backend.close(),
  };
}

async function overRpc(path: string, { mode = 'across_calls' }: BatchingOptions): Promise<Asked> {
  const child = await Child.reward({ judge: { backend: 'onnx-classifier', path } }, { REWARD_BATCHING: mode });
  const client = createRpcClient('metaapo.reward.v1.RewardService', child.address);
  return {
    score: async (text) => {
      const items = [{ itemId: 'a', prompt: { text: PROMPT }, responses: [{ text }] }];
      const answer = await client.annotate({ rewardModel: 'judge', items });
      return answer.items[0]?.annotations[0]?.score ?? Number.NaN;
    },
    close: async () => {
      client.close();
      await child.stop();
    },
  };
}

const WAYS = { 'in process': inProcess, 'over gRPC': overRpc } as const;

export const rewardBatching: Benchmark = async ({ rounds }, { folder, say }) => {
  const measurements: Measurement[] = [];
  for (const [name, path] of encoders(folder)) {
    for (const [way, open] of Object.entries(WAYS)) {
      say(`batches of the cross-encoder ${name}, ${way}`);
      const asked: Asked[] = [];
      try {
        for (const mode of MODES) asked.push(await open(path, { mode }));
        measurements.push(...figures(`${name}, ${way}`, await inTurns(asked, rounds)));
      } finally {
        for (const one of asked) await one.close();
      }
    }
  }
  return measurements;
};

const goldenFolder = (): string => join(sharedFolder('golden'), 'models', GOLDEN);

/** Names and folders: the golden model itself where it lies beside the checkout, then random ones in the shape of others. */
function* encoders(folder: string): Iterable<readonly [name: string, path: string]> {
  if (existsSync(goldenFolder())) yield [GOLDEN, goldenFolder()];
  for (const [name, shape] of Object.entries(ENCODERS)) {
    const path = join(folder, name);
    writeEncoder(path, shape);
    yield [name, path];
  }
}

interface Load {
  readonly mode: Mode;
  readonly callers: number;
  readonly perSecond: number;
  /** By text. */
  readonly scores: ReadonlyMap<string, number>;
}

async function inTurns(asked: readonly Asked[], rounds: number): Promise<Load[]> {
  const loads: Load[] = [];
  for (const one of asked) await load(one, CALLERS_MAX, WARM_UP_MS);
  for (let round = 0; round < rounds; round += 1) {
    for (const callers of [1, CALLERS_MAX]) {
      for (const [at, one] of asked.entries()) {
        loads.push({ mode: present(MODES[at], 'mode'), callers, ...(await load(one, callers, MEASURED_MS)) });
      }
    }
  }
  return loads;
}

/** Each caller asks for the next score as soon as it has one. */
async function load(asked: Asked, callers: number, forMs: number): Promise<Pick<Load, 'perSecond' | 'scores'>> {
  const scores = new Map<string, number>();
  const startMs = systemClock.monotonicMs();
  let calls = 0;
  const caller = async (own: number): Promise<void> => {
    for (let turn = own; systemClock.monotonicMs() < startMs + forMs; turn += callers) {
      const text = present(RESPONSES[turn % RESPONSES.length], 'response');
      scores.set(text, await asked.score(text));
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, own) => caller(own)));
  return { perSecond: (1000 * calls) / (systemClock.monotonicMs() - startMs), scores };
}

function figures(name: string, loads: readonly Load[]): Measurement[] {
  const job = `classifier ${name}`;
  const of = (mode: Mode, callers: number) =>
    loads.filter((one) => one.mode === mode && one.callers === callers).map(({ perSecond }) => perSecond);
  const measurements: Measurement[] = [];
  for (const callers of [1, CALLERS_MAX]) {
    const [apart, together] = [of('per_call', callers), of('across_calls', callers)];
    const ratios = together.map((ours, round) => ours / present(apart[round], 'round'));
    const isGoal = callers === CALLERS_MAX && name === `${existsSync(goldenFolder()) ? GOLDEN : STAND_IN}, in process`;
    const who = callers === 1 ? '1 caller' : `${callers} callers`;
    measurements.push(
      { job, name: `each call by itself, ${who}`, value: median(apart), unit: 'responses/s' },
      { job, name: `batches across callers, ${who}`, value: median(together), unit: 'responses/s' },
      {
        job,
        name: `batches across callers are as fast, ${who}`,
        value: median(ratios),
        unit: 'times',
        rounds: ratios,
        ...(isGoal && { goal: { relation: 'at least', bound: RATIO_MIN } as const }),
      },
    );
  }
  const differences = RESPONSES.map((text) => {
    const seen = loads.flatMap(({ scores }) => scores.get(text) ?? []);
    return Math.max(...seen) - Math.min(...seen);
  });
  const goal = { relation: 'at most', bound: DIFFERENCE_MAX } as const;
  const what = 'largest difference of a response’s scores, whatever it was batched with';
  return [...measurements, { job, name: what, value: Math.max(...differences), unit: '', goal }];
}

/**
 * @file The deployed policy service: how soon it is ready, how soon its first unit is done, and how much memory it takes.
 *
 * One process that only serves, scoring and sampling, for each precision of decoding; one that also trains.
 */
import { systemClock } from '#core';
import type { Measurement } from './measurement.js';
import { secondsOf } from './measurement.js';
import { PolicyProcess } from './policy-process.js';
import { processMemory } from './process-memory.js';
import type { Setting } from './setting.js';
import { putSomeAdapter } from './some-adapter.js';
import { NEW_TOKENS, somePairs, somePrompts, RESPONSE_TOKENS } from './workload.js';

const START = 'start';
const MEMORY = 'memory';
const READY_SECONDS_MAX = 5;
const FIRST_UNIT_SECONDS_MAX = 1;
const SERVING_BYTES_MAX = 1.2e9;
const TRAINING_BYTES_MAX = 1.8e9;
const STARTS = 3;
const REPETITIONS = 2;

const prompts = somePrompts(8);
const pairs = somePairs(8, RESPONSE_TOKENS);

export async function start(setting: Setting): Promise<Measurement[]> {
  const ready: number[] = [];
  const firstUnit: number[] = [];
  for (let count = 0; count < STARTS; count++) {
    const spawnedMs = systemClock.monotonicMs();
    const process = await PolicyProcess.start(setting);
    try {
      ready.push((systemClock.monotonicMs() - spawnedMs) / 1000);
      firstUnit.push(await secondsOf(() => process.policy.scoreResponses(scoreRequest(1))));
    } finally {
      await process.stop();
    }
  }
  const worst = (values: readonly number[]) => Math.max(...values);
  const note = `worst of ${STARTS} starts`;
  return [
    {
      job: START,
      name: 'policy process: from its start to its ready line',
      value: worst(ready),
      unit: 's',
      goal: { relation: 'at most', bound: READY_SECONDS_MAX },
      note,
    },
    {
      job: START,
      name: 'first unit after that: a prompt with two responses, scored',
      value: worst(firstUnit),
      unit: 's',
      goal: { relation: 'at most', bound: FIRST_UNIT_SECONDS_MAX },
      note,
    },
  ];
}

export async function memory(setting: Setting): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const precision of ['float32', 'int8'] as const) {
    measurements.push(
      ...(await memoryOf(setting, {
        name: `serving, ${precision} decoding`,
        bytesMax: SERVING_BYTES_MAX,
        environment: { POLICY_DECODE_PRECISION: precision },
        work: async (process) => {
          await process.policy.scoreResponses(scoreRequest(pairs.length));
          await generate(process);
        },
      })),
    );
  }
  measurements.push(
    ...(await memoryOf(setting, { name: 'training', bytesMax: TRAINING_BYTES_MAX, environment: {}, work: train })),
  );
  return measurements;
}

interface Use {
  readonly name: string;
  readonly bytesMax: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly work: (process: PolicyProcess) => Promise<void>;
}

/** The most that was in memory at any time, loading included, and what remains afterwards. */
async function memoryOf(setting: Setting, { name, bytesMax, environment, work }: Use): Promise<Measurement[]> {
  const process = await PolicyProcess.start(setting, environment);
  try {
    const loaded = processMemory(process.pid);
    for (let count = 0; count < REPETITIONS; count++) await work(process);
    const after = processMemory(process.pid);
    if (!loaded || !after) return [];
    const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(2);
    return [
      {
        job: MEMORY,
        name: `${name}: most at any time`,
        value: after.peak / 1e9,
        unit: 'GB',
        goal: { relation: 'at most', bound: bytesMax / 1e9 },
        note: `${gigabytes(loaded.peak)} while loading, ${gigabytes(after.resident)} when done, of which ${gigabytes(after.anonymous)} not of mapped files`,
      },
    ];
  } finally {
    await process.stop();
  }
}

const item = (prompt: readonly number[], index: number) => ({
  itemId: String(index),
  prompt: { tokenIds: { ids: [...prompt] } },
});

const ids = (tokens: readonly number[]) => ({ tokenIds: { ids: [...tokens] } });

function scoreRequest(count: number) {
  const items = pairs.slice(0, count).map(({ prompt, chosen, rejected }, index) => ({
    ...item(prompt, index),
    responses: [ids(chosen), ids(rejected)],
  }));
  return { items, includeTokenLogProbs: false };
}

/** Eight prompts, eight samples each. */
async function generate({ policy }: PolicyProcess): Promise<void> {
  const request = {
    items: prompts.map((prompt, index) => ({ ...item(prompt, index), seed: String(index) })),
    samplesPerPrompt: 8,
    sampling: { temperature: 1, maxNewTokens: NEW_TOKENS },
  };
  for await (const _event of policy.generateResponses(request)) void 0;
}

/** Eight pairs of 2 × 256 tokens. */
async function train(process: PolicyProcess): Promise<void> {
  const policy = await putSomeAdapter(process);
  const request = {
    policy,
    objective: { loss: 'LOSS_KIND_DPO' as const, beta: 0.1, inputBeta: 1 },
    weighting: { constant: 1 },
    items: pairs.map(({ prompt, chosen, rejected }, index) => ({
      ...item(prompt, index),
      offline: { chosen: ids(chosen), rejected: ids(rejected) },
    })),
  };
  for await (const _message of process.policy.computeGradient(request)) void 0;
}

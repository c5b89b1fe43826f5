/** @file How long a call may find the policy service's event loop busy while a unit computes. Goal: p99 below 50 ms. */
import type { ComputeGradientRequest } from '#contracts/policy';
import { adapterDigest } from '#ml/adapters';
import type { Measurement } from './measurement.js';
import { PolicyProcess } from './policy-process.js';
import type { Setting } from './setting.js';
import { putParts, someAdapter } from './some-adapter.js';

const JOB = 'event-loop delay';
const GOAL_MS = 50;
const ITEMS = 8;
const TEXT = 'The quick brown fox jumps over the lazy dog, and the dog does not mind. ';

export async function eventLoop(setting: Setting): Promise<Measurement[]> {
  const process = await PolicyProcess.start(setting);
  try {
    const adapter = await someAdapter(process);
    const digest = adapterDigest(adapter);
    const work = {
      'taking an adapter in': () => process.admin.putAdapter(putParts(adapter)),
      scoring: () => score(process),
      generating: () => generate(process),
      'computing a gradient': () => gradient(process, digest),
    };
    const measurements: Measurement[] = [];
    for (const [what, run] of Object.entries(work)) {
      const { p99Ms, maxMs } = await process.delaysWhile(run);
      const goal = { relation: 'at most', bound: GOAL_MS } as const;
      measurements.push({ job: JOB, name: `p99, while ${what}`, value: p99Ms, unit: 'ms', goal });
      measurements.push({ job: JOB, name: `largest, while ${what}`, value: maxMs, unit: 'ms' });
    }
    return measurements;
  } finally {
    await process.stop();
  }
}

const items = Array.from({ length: ITEMS }, (_, index) => ({
  itemId: String(index),
  prompt: { text: `${index}: ${TEXT}` },
}));

/** Four units at once, so that the text of some is encoded while others compute; a token is a byte here. */
async function score({ policy }: PolicyProcess): Promise<void> {
  const responses = [{ text: TEXT }, { text: TEXT.toUpperCase() }];
  const request = { items: items.map((item) => ({ ...item, responses })), includeTokenLogProbs: true };
  await Promise.all(Array.from({ length: 4 }, () => policy.scoreResponses(request)));
}

async function generate({ policy }: PolicyProcess): Promise<void> {
  const request = {
    items: items.map((item, index) => ({ ...item, seed: String(index) })),
    samplesPerPrompt: 4,
    sampling: { temperature: 1, maxNewTokens: 32 },
  };
  for await (const _event of policy.generateResponses(request)) void 0;
}

async function gradient({ policy }: PolicyProcess, digest: string): Promise<void> {
  const pair = { chosen: { text: TEXT }, rejected: { text: TEXT.toUpperCase() } };
  const request: ComputeGradientRequest = {
    policy: digest,
    objective: { loss: 'LOSS_KIND_DPO', beta: 0.1, inputBeta: 1 },
    weighting: { constant: 1 },
    items: items.map((item) => ({ ...item, offline: pair })),
  };
  for await (const _message of policy.computeGradient(request)) void 0;
}

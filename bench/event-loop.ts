/** @file How long a call may find the policy service's event loop busy while a unit computes. Goal: p99 below 50 ms. */
import { adapterDigest, initialLora, sortedNames, type Adapter } from '#ml/adapters';
import type { ComputeGradientRequest, PutAdapterRequest } from '#contracts/policy';
import { present } from '#core';
import type { Measurement } from './measurement.js';
import { PolicyProcess } from './policy-process.js';
import type { Setting } from './setting.js';

const GOAL_MS = 50;
const ITEMS = 8;
const CHUNK_BYTES = 2 ** 20;
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
      measurements.push({ name: `event-loop delay, p99, while ${what}`, value: p99Ms, unit: 'ms', goal });
      measurements.push({ name: `event-loop delay, largest, while ${what}`, value: maxMs, unit: 'ms' });
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

async function someAdapter({ policy }: PolicyProcess): Promise<Adapter> {
  const { baseTensors } = await policy.getPolicy({});
  const base = new Map(baseTensors.map(({ name, dims }) => [name, dims.map(Number)]));
  const targetModules = ['down_proj', 'gate_proj', 'k_proj', 'o_proj', 'q_proj', 'up_proj', 'v_proj'];
  return initialLora({
    spec: { kind: 'lora', rank: 16, alpha: 32, rankStabilized: false, targetModules },
    base,
    seed: 1,
  });
}

function* putParts(adapter: Adapter): Generator<PutAdapterRequest> {
  const { spec, tensors } = adapter;
  const named = sortedNames(tensors).map((name) => ({ name, ...present(tensors.get(name), name) }));
  yield {
    header: {
      digest: adapterDigest(adapter),
      spec:
        spec.kind === 'lora' ? { ...spec, kind: 'ADAPTER_KIND_LORA', targetModules: [...spec.targetModules] } : null,
      tensors: named.map(({ name, dims }) => ({ name, dtype: 'DATA_TYPE_F32', dims: [...dims] })),
    },
  };
  for (const [tensorIndex, { data }] of named.entries()) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let offsetBytes = 0; offsetBytes < bytes.length; offsetBytes += CHUNK_BYTES) {
      yield { chunk: { tensorIndex, offsetBytes, data: bytes.subarray(offsetBytes, offsetBytes + CHUNK_BYTES) } };
    }
  }
}

/**
 * @file Do callers notice a swap? 32 callers at a constant pace while a model of two million weights is loaded beside a small
 * one, promoted, rolled back and retired, 20 times. Calls are compared with those that the same model answered before, at the
 * same pace and with nothing else going on: a larger model is slower, and that is not the swap's doing.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '#core';
import { writeTinyLmClassifier } from '#ml/reward-models';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import { RewardCallers, type RewardCall } from '../test/support/reward-callers.js';
import type { Benchmark } from './benchmark.js';
import { Child } from './child.js';
import { median, quantile, type Measurement } from './measurement.js';

const JOB = 'reward swap';
const NAME = 'judge';
const CALLERS = 32;
const CYCLES = 20;
const RATIO_MAX = 1.5;
/** Share of what the larger model can answer that the callers ask for. */
const LOAD = 0.4;
const CALIBRATION_MS = 3_000;
const BEFORE_MS = 15_000;
/** Between two changes. */
const REST_MS = 500;
const RESPONSES = ['It was lovely, all of it.', 'Dreadful, sadly: it rained.'];
const SMALL = { backend: 'length', unit: 'characters' };
/** Large beside a rule, and small enough for some thousand calls. */
const LARGE_CONFIG = {
  hidden_size: 256,
  intermediate_size: 512,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 512,
};

type Reward = RpcClient<'metaapo.reward.v1.RewardService'>;
type Admin = RpcClient<'metaapo.reward.v1.RewardAdminService'>;

interface Service {
  readonly reward: Reward;
  readonly admin: Admin;
}

export const rewardSwap: Benchmark = async (_setting, { folder, say }) => {
  const path = join(folder, 'large');
  await writeTinyLmClassifier(path, { config: LARGE_CONFIG });
  const specJson = JSON.stringify({ backend: 'lm-classifier', path, activation: 'sigmoid' });
  const child = await Child.reward({ [NAME]: SMALL });
  const service = clientsOf(child);
  try {
    const swaps = new Swaps(service, specJson);
    say('how many calls the larger model can answer');
    await swaps.stage();
    await swaps.promote();
    const perSecond = await throughput(service.reward);
    const periodMs = (1000 * CALLERS) / (LOAD * perSecond);
    const load = { client: service.reward, rewardModel: NAME, callerCount: CALLERS, responses: RESPONSES, periodMs };

    say('calls before, by each model');
    const large = await callsWithin(load, BEFORE_MS);
    await swaps.rollbackAndRetire();
    const small = await callsWithin(load, BEFORE_MS);

    say(`${CYCLES} swaps`);
    const callers = new RewardCallers(load);
    try {
      for (let cycle = 0; cycle < CYCLES; cycle += 1) {
        await swaps.stage();
        await sleep(REST_MS);
        await swaps.promote();
        await sleep(REST_MS);
        await swaps.rollbackAndRetire();
      }
    } finally {
      await callers.stop();
    }
    return measured({ small, large, during: callers.calls, swaps, note: `${Math.round(LOAD * perSecond)} calls/s` });
  } finally {
    service.reward.close();
    service.admin.close();
    await child.stop();
  }
};

/** The administrator, and what he knows: the model behind each epoch, and how long things took. */
class Swaps {
  readonly digests = new Map<string, string>();
  readonly stageMs: number[] = [];
  readonly promoteMs: number[] = [];
  private epoch = '1';

  constructor(
    private readonly service: Service,
    private readonly specJson: string,
  ) {}

  async stage(): Promise<void> {
    const startMs = performance.now();
    await this.service.admin.stageRewardModel({ rewardModel: NAME, specJson: this.specJson });
    this.stageMs.push(performance.now() - startMs);
  }

  async promote(): Promise<void> {
    const startMs = performance.now();
    const expectedEpoch = await this.current();
    const { rewardModel } = await this.service.admin.promoteRewardModel({ rewardModel: NAME, expectedEpoch });
    this.promoteMs.push(performance.now() - startMs);
    this.note(rewardModel?.provenance);
  }

  async rollbackAndRetire(): Promise<void> {
    const { admin } = this.service;
    const promoted = await this.current();
    this.note(
      (await admin.rollbackRewardModel({ rewardModel: NAME, expectedEpoch: promoted })).rewardModel?.provenance,
    );
    await admin.retireRewardModel({ rewardModel: NAME, epoch: promoted });
  }

  private async current(): Promise<string> {
    const { rewardModel } = await this.service.reward.getRewardModel({ rewardModel: NAME });
    this.note(rewardModel?.provenance);
    return this.epoch;
  }

  private note(provenance: { readonly epoch: string; readonly weightsDigest: string } | null | undefined): void {
    const { epoch, weightsDigest } = present(provenance, 'provenance');
    this.digests.set(epoch, weightsDigest);
    this.epoch = epoch;
  }
}

function clientsOf({ address, adminAddress }: Child): Service {
  return {
    reward: createRpcClient('metaapo.reward.v1.RewardService', address),
    admin: createRpcClient('metaapo.reward.v1.RewardAdminService', adminAddress),
  };
}

/** Calls per second that the model in service answers at most. */
async function throughput(client: Reward): Promise<number> {
  const load = { client, rewardModel: NAME, callerCount: CALLERS, responses: RESPONSES };
  return ((await callsWithin(load, CALIBRATION_MS)).length * 1000) / CALIBRATION_MS;
}

async function callsWithin(
  load: ConstructorParameters<typeof RewardCallers>[0],
  durationMs: number,
): Promise<readonly RewardCall[]> {
  const callers = new RewardCallers(load);
  await sleep(durationMs);
  await callers.stop();
  return callers.calls;
}

interface Observed {
  readonly small: readonly RewardCall[];
  readonly large: readonly RewardCall[];
  readonly during: readonly RewardCall[];
  readonly swaps: Swaps;
  readonly note: string;
}

function measured({ small, large, during, swaps, note }: Observed): Measurement[] {
  const p99 = (calls: readonly RewardCall[]) =>
    quantile(
      calls.map(({ elapsedMs }) => elapsedMs),
      0.99,
    );
  const ratio = (name: string, before: readonly RewardCall[]): Measurement[] => {
    const digest = before[0]?.weightsDigest;
    const calls = during.filter(({ weightsDigest }) => weightsDigest === digest);
    const [was, is] = [p99(before), p99(calls)];
    const times = `${was.toFixed(1)} ms before, ${is.toFixed(1)} ms during; ${calls.length} calls`;
    const goal = { relation: 'at most', bound: RATIO_MAX } as const;
    return [
      { job: JOB, name: `p99 during swaps over p99 before, ${name}`, value: is / was, unit: '×', goal, note: times },
    ];
  };
  const none = (name: string, value: number): Measurement => {
    return {
      job: JOB,
      name,
      value,
      unit: 'calls',
      goal: { relation: 'at most', bound: 0 },
      note: `of ${during.length}`,
    };
  };
  const smallDigest = small[0]?.weightsDigest;
  const isTrue = ({ epoch, weightsDigest, scores }: RewardCall): boolean =>
    swaps.digests.get(epoch) === weightsDigest &&
    scores.every((score) => (weightsDigest === smallDigest ? score > 2 : score < 1));
  const answered = during.filter(({ failure }) => failure === undefined);
  return [
    ...ratio('small model', small),
    ...ratio('large model', large),
    none('calls that failed', during.length - answered.length),
    none('replies whose scores are of another model than told', answered.filter((call) => !isTrue(call)).length),
    { job: JOB, name: 'median time to stage the large model', value: median(swaps.stageMs), unit: 'ms', note },
    { job: JOB, name: 'median time to promote it', value: median(swaps.promoteMs), unit: 'ms' },
  ];
}

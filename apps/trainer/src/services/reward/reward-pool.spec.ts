/** @file Reward replicas as one annotator: the same model everywhere, and a request stays with the replica that was paid. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { RemoteError } from '#platform/rpc';
import type { AnnotateResult, AnnotateUnit, RewardModel } from '../../domain/ports/reward-port.js';
import { SimulatedClock } from '../../testing/simulated-clock.js';
import type { ReplicaCall } from '../replicas/replica-pool.js';
import { replicaSource } from '../replicas/replica-source.js';
import { UnitTimes } from '../replicas/unit-times.js';
import { RewardPool } from './reward-pool.js';
import type { RewardConnection } from './reward-replica.js';

const calm = { signal: new AbortController().signal };
const MODEL: RewardModel = { name: 'm', epoch: '1', weightsDigest: 'sha256:weights' };
const unitOf = (requestId: string): AnnotateUnit => ({ requestId, model: MODEL, items: [] });

const AWAY = new RemoteError({ code: 'UNAVAILABLE', status: 'UNAVAILABLE', message: 'away' });

/** Remembers what it was paid for; may die after it was paid and before it answers. */
class Played implements RewardConnection {
  /** In service last, warm before. */
  models: readonly RewardModel[] = [MODEL];
  isAway = false;
  diesWhenPaid = false;
  readonly paid: string[] = [];

  async describe(name: string, _call: ReplicaCall, epoch = '0'): Promise<RewardModel> {
    this.answer();
    return epoch === '0' ? this.models.at(-1)! : this.answering({ ...MODEL, name, epoch, weightsDigest: '' });
  }

  async probe(): Promise<void> {
    this.answer();
  }

  async annotate({ requestId, model }: AnnotateUnit): Promise<AnnotateResult> {
    this.answer();
    const { epoch } = this.answering(model);
    if (!this.paid.includes(requestId)) this.paid.push(requestId);
    if (this.diesWhenPaid) this.isAway = true;
    this.answer();
    return { items: [], provenance: epoch };
  }

  close(): void {}

  private answer(): void {
    if (this.isAway) throw AWAY;
  }

  private answering({ epoch, weightsDigest }: RewardModel): RewardModel {
    const found = this.models.find((model) => {
      return model.epoch === epoch && (weightsDigest === '' || model.weightsDigest === weightsDigest);
    });
    if (found) return found;
    const code = 'REWARD_EPOCH_MISMATCH';
    throw new RemoteError({ code, status: 'FAILED_PRECONDITION', message: `not ${epoch}` });
  }
}

function playing(stickyMs: number) {
  const clock = new SimulatedClock();
  const replicas = new Map(['a:1', 'b:1'].map((address) => [address, new Played()] as const));
  const retries: string[] = [];
  const pool = new RewardPool({
    sources: [...replicas.keys()].map(replicaSource),
    resolver: () => Promise.reject(new TypeError('no names here')),
    clock,
    times: new UnitTimes({ floorMs: 1000, ceilingMs: 60_000 }),
    connect: ({ address }) => replicas.get(address)!,
    retryTimeMsMax: 60_000,
    stickyMs,
    onRetry: (_phase, reason) => retries.push(reason),
  });
  after(() => pool.close());
  return { clock, pool, retries, a: replicas.get('a:1')!, b: replicas.get('b:1')! };
}

const REQUESTS = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'];

describe('reward replicas', () => {
  it('are paid once for a request whose replica died after it was paid and came back', async () => {
    const { pool, clock, a, b } = playing(30_000);
    for (const id of REQUESTS) await pool.annotate(unitOf(id), calm);
    const bill = [...a.paid, ...b.paid].toSorted();
    deepEqual(bill, REQUESTS);
    a.diesWhenPaid = true;
    const back = clock.sleep(10_000).then(() => Object.assign(a, { diesWhenPaid: false, isAway: false }));
    const more = REQUESTS.map((id) => `again ${id}`);
    await Promise.all(more.map((id) => pool.annotate(unitOf(id), calm)));
    await back;
    deepEqual([...a.paid, ...b.paid].toSorted(), [...more, ...REQUESTS].toSorted());
  });

  it('take turns where they share what they remember', async () => {
    const { pool, a, b } = playing(0);
    for (const id of REQUESTS) await pool.annotate(unitOf(id), calm);
    deepEqual([a.paid.length, b.paid.length], [4, 4]);
  });

  it('are refused by name when they do not serve the same model', async () => {
    const { pool, a, b } = playing(30_000);
    b.models = [{ ...MODEL, weightsDigest: 'sha256:other' }];
    await rejects(pool.describe('m', calm), (error: Error & { code?: string }) => {
      equal(error.code, 'REPLICA_MISMATCH');
      return ['weights_digest of the reward model m', 'sha256:other'].every((part) => error.message.includes(part));
    });
    b.models = a.models;
    deepEqual(await pool.describe('m', calm), MODEL);
  });
});

describe('reward replicas that are promoted one after the other', () => {
  const next: RewardModel = { ...MODEL, epoch: '2', weightsDigest: 'sha256:next' };
  const held = (requestId: string, model: RewardModel): AnnotateUnit => ({ requestId, model, items: [] });

  it('describe the newest epoch, and answer for the one that a unit is held to while it is warm', async () => {
    const { pool, a, b } = playing(30_000);
    a.models = [MODEL, next];
    deepEqual(await pool.describe('m', calm), next);
    for (const id of REQUESTS) equal((await pool.annotate(held(id, MODEL), calm)).provenance, '1');
    ok(a.paid.length > 0 && b.paid.length > 0, 'both answer for epoch 1');
  });

  it('pass on what is held to an epoch that they have left behind, or have not come to', async () => {
    const { pool, a, b } = playing(30_000);
    a.models = [next];
    for (const id of REQUESTS) await pool.annotate(held(id, MODEL), calm);
    deepEqual([a.paid, b.paid], [[], REQUESTS]);
    for (const id of REQUESTS) await pool.annotate(held(`next ${id}`, next), calm);
    equal(a.paid.length, REQUESTS.length);
  });

  it('are waited for until one has come to the epoch', async () => {
    const { pool, clock, b } = playing(30_000);
    const promoted = clock.sleep(20_000).then(() => (b.models = [MODEL, next]));
    equal((await pool.annotate(held('r', next), calm)).provenance, '2');
    await promoted;
  });

  it('are given up at once when all have left the epoch behind, and in the end when none comes to it', async () => {
    const { pool, a, b } = playing(30_000);
    a.models = b.models = [next];
    const gone = (isFinal: boolean) => (error: Error & { code?: string; isFinal?: boolean }) => {
      deepEqual([error.code, error.isFinal], ['REWARD_EPOCH_GONE', isFinal]);
      return error.message.includes('reward_swaps=follow');
    };
    await rejects(pool.annotate(held('r', MODEL), calm), gone(true));
    await rejects(pool.annotate(held('r', { ...next, epoch: '3', weightsDigest: 'sha256:later' }), calm), gone(false));
    deepEqual([a.paid, b.paid], [[], []]);
  });

  it('answer for a model that has come back under another epoch', async () => {
    const { pool, a, b } = playing(30_000);
    a.models = b.models = [next, { ...MODEL, epoch: '3' }];
    equal((await pool.annotate(held('r', MODEL), calm)).provenance, '3');
    a.models = b.models = [
      { ...MODEL, epoch: '3' },
      { ...next, epoch: '4' },
    ];
    equal((await pool.annotate(held('s', MODEL), calm)).provenance, '3');
    deepEqual([...a.paid, ...b.paid], ['r@3', 's@3']);
  });

  it('say whether any of them still answers for a model', async () => {
    const { pool, a, b } = playing(30_000);
    a.models = [MODEL, next];
    b.models = [next];
    equal(await pool.serves(MODEL, calm), true);
    a.models = [next];
    equal(await pool.serves(MODEL, calm), false);
    b.models = [next, { ...MODEL, epoch: '3' }];
    equal(await pool.serves(MODEL, calm), true);
    b.models = [next];
    a.isAway = true;
    equal(await pool.serves(MODEL, calm), true, 'the one that is away may have it');
  });
});

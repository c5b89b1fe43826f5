/** @file Reward replicas as one annotator: the same model everywhere, and a request stays with the replica that was paid. */
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { RemoteError } from '#platform/rpc';
import type { AnnotateResult, AnnotateUnit, RewardModel } from '../../domain/ports/reward-port.js';
import { SimulatedClock } from '../../testing/simulated-clock.js';
import { replicaSource } from '../replicas/replica-source.js';
import { UnitTimes } from '../replicas/unit-times.js';
import { RewardPool } from './reward-pool.js';
import type { RewardConnection } from './reward-replica.js';

const calm = { signal: new AbortController().signal };
const MODEL: RewardModel = { name: 'm', epoch: '1', weightsDigest: 'sha256:weights' };
const unitOf = (requestId: string): AnnotateUnit => ({ requestId, model: MODEL, items: [] });

/** Remembers what it was paid for; may die after it was paid and before it answers. */
class Played implements RewardConnection {
  model = MODEL;
  isAway = false;
  diesWhenPaid = false;
  readonly paid: string[] = [];

  async describe(): Promise<RewardModel> {
    this.answer();
    return this.model;
  }

  async probe(): Promise<void> {
    this.answer();
  }

  async annotate({ requestId }: AnnotateUnit): Promise<AnnotateResult> {
    this.answer();
    if (!this.paid.includes(requestId)) this.paid.push(requestId);
    if (this.diesWhenPaid) this.isAway = true;
    this.answer();
    return { items: [], provenance: '' };
  }

  close(): void {}

  private answer(): void {
    if (this.isAway) throw new RemoteError({ code: 'UNAVAILABLE', status: 'UNAVAILABLE', message: 'away' });
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
    b.model = { ...MODEL, weightsDigest: 'sha256:other' };
    await rejects(pool.describe('m', calm), (error: Error & { code?: string }) => {
      equal(error.code, 'REPLICA_MISMATCH');
      return ['weights_digest of the reward model m', 'sha256:other'].every((part) => error.message.includes(part));
    });
    b.model = a.model;
    deepEqual(await pool.describe('m', calm), MODEL);
  });
});

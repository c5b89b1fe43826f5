/** @file Replicas show that they are the same model before they compute anything; one that is not is named. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { f32Tensor, type Digest } from '#core';
import type { GetPolicyResponse__Output } from '#contracts/policy';
import type { Adapter } from '#ml/adapters';
import { RemoteError } from '#platform/rpc';
import type { ScoreResult, ScoreUnit } from '../../domain/ports/policy-port.js';
import { SimulatedClock } from '../../testing/simulated-clock.js';
import { replicaSource } from '../replicas/replica-source.js';
import { UnitTimes } from '../replicas/unit-times.js';
import { PolicyPool } from './policy-pool.js';
import type { PolicyConnection } from './policy-replica.js';

const ADAPTER = `sha256:${'a'.repeat(64)}` as Digest;
const adapter = { spec: { kind: 'full' }, tensors: new Map([['w', f32Tensor([1], Float32Array.of(1))]]) } as Adapter;
const calm = { signal: new AbortController().signal };
const itemOf = (itemId: string) => {
  const responses = [' yes', ' no'].map((text) => ({ form: 'text' as const, text }));
  return { itemId, prompt: { form: 'text' as const, text: 'a prompt' }, responses };
};
const CANARY = [itemOf('canary')];
const UNIT: ScoreUnit = { policies: [ADAPTER], items: [itemOf('row')] };

/** A replica that scores every response by the length of its text, plus what is wrong with it. */
class Played implements PolicyConnection {
  baseDigest = 'sha256:base';
  unitItemsMax = 64;
  isAway = false;
  /** By policy: what is added to every log-probability. */
  readonly error = new Map<string, number>();
  /** What was scored: the item and the policy, in order. */
  readonly scored: string[] = [];
  private readonly resident = new Set<string>();

  async describe(): Promise<GetPolicyResponse__Output> {
    this.answer();
    const { baseDigest, unitItemsMax } = this;
    const limits = { unitItemsMax, samplesPerPromptMax: 8 };
    const same = {
      tokenizerDigest: 'sha256:tokenizer',
      chatTemplateDigest: '',
      baseTensors: [],
      decodePrecision: 'float32',
    };
    return { baseDigest, limits, ...same } as unknown as GetPolicyResponse__Output;
  }

  async score({ policies, items }: ScoreUnit): Promise<ScoreResult> {
    this.answer();
    for (const ref of policies) {
      if (ref === '' || this.resident.has(ref)) continue;
      throw new RemoteError({ code: 'ADAPTER_NOT_RESIDENT', status: 'FAILED_PRECONDITION', message: ref });
    }
    for (const { itemId } of items) this.scored.push(`${itemId} ${policies.map((ref) => ref.slice(0, 8)).join()}`);
    return items.map(({ responses }) => ({
      ok: true,
      value: responses.map(({ text = '' }) => {
        const sums = policies.map((ref) => -(text?.length ?? 0) + (this.error.get(ref) ?? 0));
        return { ok: true, value: { sums, tokenCount: 1 } };
      }),
    }));
  }

  generate = (): never => ok(false) as never;
  gradient = (): never => ok(false) as never;

  async put(digest: Digest): Promise<void> {
    this.answer();
    this.resident.add(digest);
  }

  async drop(digest: Digest): Promise<void> {
    this.resident.delete(digest);
  }

  close(): void {}

  private answer(): void {
    if (this.isAway) throw new RemoteError({ code: 'UNAVAILABLE', status: 'UNAVAILABLE', message: 'away' });
  }
}

function playing(addresses: readonly string[]) {
  const clock = new SimulatedClock();
  const replicas = new Map(addresses.map((address) => [address, new Played()] as const));
  const losses = new Map<string, () => void>();
  const pool = new PolicyPool({
    sources: addresses.map(replicaSource),
    resolver: () => Promise.reject(new TypeError('no names here')),
    clock,
    times: new UnitTimes({ floorMs: 1000, ceilingMs: 60_000 }),
    connect: ({ address }, onDisconnect) => {
      losses.set(address, onDisconnect);
      return replicas.get(address)!;
    },
    retryTimeMsMax: 60_000,
    parityTolerance: 1e-3,
    onRetry: () => {},
    onParity: () => {},
  });
  after(() => pool.close());
  const at = (address: string): Played => replicas.get(address)!;
  /** Is gone and back at once, as what `change` makes of it. */
  const restart = async (address: string, change: (replica: Played) => void): Promise<void> => {
    change(at(address));
    losses.get(address)?.();
    await clock.sleep(6000);
  };
  return { clock, pool, at, restart };
}

async function ready(addresses: readonly string[]) {
  const played = playing(addresses);
  await played.pool.describe(calm);
  await played.pool.handshake(CANARY, calm);
  await played.pool.offerAdapter(ADAPTER, adapter, calm);
  return played;
}

describe('the parity handshake', () => {
  it('scores the canary on every replica under the base and under each adapter, once', async () => {
    const { pool, at } = await ready(['a:1', 'b:1', 'c:1']);
    for (let units = 0; units < 6; units++) await pool.score(UNIT, calm);
    for (const address of ['a:1', 'b:1', 'c:1']) {
      deepEqual(at(address).scored, ['canary ', 'canary sha256:a', 'row sha256:a', 'row sha256:a']);
    }
    deepEqual(
      pool.replicas().map(({ unitCount, checkCount, deltaMax }) => [unitCount, checkCount, deltaMax]),
      [
        [2, 0, null],
        [2, 2, 0],
        [2, 2, 0],
      ],
    );
  });

  it('scores nothing where there is one replica', async () => {
    const { pool, at } = await ready(['a:1']);
    await pool.score(UNIT, calm);
    deepEqual(at('a:1').scored, ['row sha256:a']);
  });

  it('measures a difference that is allowed, and names a replica beyond it', async () => {
    const { pool, at } = playing(['a:1', 'b:1']);
    await pool.describe(calm);
    at('b:1').error.set('', 5e-4).set(ADAPTER, 0.25);
    await pool.handshake(CANARY, calm);
    equal(pool.replicas()[1]?.deltaMax?.toFixed(6), '0.000500');
    await rejects(pool.offerAdapter(ADAPTER, adapter, calm), (error: Error & { code?: string }) => {
      equal(error.code, 'REPLICA_MISMATCH');
      return ['b:1', ADAPTER, 'a:1', '0.25'].every((part) => error.message.includes(part));
    });
  });

  it('holds one that comes later to the same, before its first unit', async () => {
    const { pool, at, restart } = await ready(['a:1', 'b:1']);
    await restart('b:1', (replica) => replica.error.set(ADAPTER, 1));
    at('b:1').scored.length = 0;
    for (let units = 0; units < 4; units++) await pool.score(UNIT, calm);
    deepEqual(at('b:1').scored, ['canary sha256:a']);
    deepEqual(
      pool.replicas().map(({ state }) => state),
      ['serving', 'refused'],
    );
  });
});

describe('the digests of replicas', () => {
  it('name the one that serves another base, and what is expected', async () => {
    const { pool, at } = playing(['a:1', 'b:1']);
    at('b:1').baseDigest = 'sha256:other';
    await rejects(pool.describe(calm), (error: Error & { code?: string }) => {
      equal(error.code, 'REPLICA_MISMATCH');
      return ['b:1', 'base_digest', 'sha256:base', 'sha256:other'].every((part) => error.message.includes(part));
    });
  });

  it('keep one out that comes back with another base or smaller limits, and let it in when it is mended', async () => {
    const { pool, at, clock, restart } = await ready(['a:1', 'b:1']);
    for (const change of [
      (replica: Played) => (replica.baseDigest = 'sha256:other'),
      (replica: Played) => (replica.unitItemsMax = 8),
    ]) {
      await restart('b:1', change);
      equal(pool.replicas()[1]?.state, 'refused');
      Object.assign(at('b:1'), { baseDigest: 'sha256:base', unitItemsMax: 64 });
      await clock.sleep(31_000);
      equal(pool.replicas()[1]?.state, 'serving');
    }
  });
});

/** @file Where units go when replicas are busy, hang, die, come back, do not fit. All in simulated time. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { RemoteError } from '#platform/rpc';
import { SimulatedClock } from '../../testing/simulated-clock.js';
import { ReplicaPool, type ReplicaCall, type ReplicaPoolOptions } from './replica-pool.js';
import { replicaSource } from './replica-source.js';
import { ReplicaMismatchError } from './replicas.errors.js';
import { settled } from './settled.js';
import { UnitTimes } from './unit-times.js';

type Health = 'well' | 'dead' | 'hung' | 'full' | 'misfit';

/** A replica of the test: takes `unitMs` for a unit, one after the other, when it is well. */
class Played {
  health: Health = 'well';
  readonly done: string[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly address: string,
    private readonly clock: SimulatedClock,
    private readonly unitMs: number,
  ) {}

  async probe(call: ReplicaCall): Promise<void> {
    if (this.health === 'misfit') {
      const what = { what: 'base_digest', expected: 'a', got: 'b', as: 'another' };
      throw new ReplicaMismatchError({ service: 'policy', replica: this.address, ...what });
    }
    await this.reached(call);
  }

  async unit(name: string, call: ReplicaCall): Promise<string> {
    if (this.health === 'full')
      throw new RemoteError({ code: 'QUEUE_FULL', status: 'RESOURCE_EXHAUSTED', message: 'full', retryAfterMs: 500 });
    await this.reached(call);
    const work = this.last.then(() => this.clock.sleep(this.unitMs));
    this.last = work;
    await this.within(work, call);
    await this.reached(call);
    this.done.push(name);
    return this.address;
  }

  private async reached(call: ReplicaCall): Promise<void> {
    if (this.health === 'dead') throw failure('UNAVAILABLE');
    if (this.health === 'hung') await this.within(new Promise<never>(() => {}), call);
  }

  private async within<T>(work: Promise<T>, { signal, timeoutMs }: ReplicaCall): Promise<T> {
    const done = new AbortController();
    const late = this.clock.sleep(timeoutMs, done.signal).then(() => {
      throw failure('DEADLINE_EXCEEDED');
    });
    late.catch(() => {});
    try {
      return await settled(Promise.race([work, late]), signal);
    } finally {
      done.abort();
    }
  }
}

const failure = (status: 'UNAVAILABLE' | 'DEADLINE_EXCEEDED') =>
  new RemoteError({ code: status, status, message: status });
const never = new AbortController().signal;

function playing(
  addresses: readonly string[],
  options: Partial<ReplicaPoolOptions<Played>> & { unitMs?: number } = {},
) {
  const clock = new SimulatedClock();
  const played = new Map(
    addresses.map((address) => [address, new Played(address, clock, options.unitMs ?? 100)] as const),
  );
  const retries: string[] = [];
  const times = new UnitTimes({ floorMs: 2000, ceilingMs: 600_000 });
  const pool = new ReplicaPool<Played>({
    service: 'policy',
    sources: addresses.map(replicaSource),
    resolver: () => Promise.reject(new TypeError('no names here')),
    clock,
    times,
    connect: ({ address }) => played.get(address)!,
    disconnect: () => {},
    admit: ({ connection }, signal) => connection.probe({ signal, timeoutMs: 1000 }),
    retryTimeMsMax: 60_000,
    onRetry: (_phase, reason) => retries.push(reason),
    ...options,
  });
  after(() => pool.close());
  const run = (name: string, binding?: string): Promise<string> =>
    pool.run({
      size: { kind: 'score', size: 4 },
      signal: never,
      work: ({ connection }, call) => connection.unit(name, call),
      ...(binding !== undefined && { binding }),
    });
  const at = (address: string): Played => played.get(address)!;
  return { clock, pool, run, at, retries, times };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `unit ${index}`);

describe('a pool of replicas', () => {
  it('gives each unit to the replica with the fewest in hand', async () => {
    const { clock, pool, run, at } = playing(['a:1', 'b:1', 'c:1', 'd:1']);
    await pool.start(never);
    await Promise.all(names(8).map((name) => run(name)));
    deepEqual(
      ['a:1', 'b:1', 'c:1', 'd:1'].map((address) => at(address).done.length),
      [2, 2, 2, 2],
    );
    equal(clock.monotonicMs(), 200);
  });

  it('gives the units of one that dies to the others at once', async () => {
    const { clock, pool, run, at } = playing(['a:1', 'b:1']);
    await pool.start(never);
    await run('first');
    at('a:1').health = 'dead';
    const answers = await Promise.all(names(6).map((name) => run(name)));
    deepEqual(new Set(answers), new Set(['b:1']));
    ok(clock.monotonicMs() <= 1000);
  });

  it('gives the units of one that hangs to the others, long before the longest deadline', async () => {
    const { clock, pool, run, at, retries } = playing(['a:1', 'b:1']);
    await pool.start(never);
    await Promise.all(names(8).map((name) => run(name)));
    const startMs = clock.monotonicMs();
    at('a:1').health = 'hung';
    await Promise.all(names(4).map((name) => run(name)));
    // The deadline that the times seen give, and what is left to do.
    ok(clock.monotonicMs() - startMs < 4000, String(clock.monotonicMs() - startMs));
    ok(retries.length > 0);
    const [replica] = pool.all;
    equal(replica?.state, 'suspended');
  });

  it('uses one again that comes back', async () => {
    const { clock, pool, run, at } = playing(['a:1', 'b:1']);
    await pool.start(never);
    at('a:1').health = 'dead';
    await Promise.all(names(4).map((name) => run(name)));
    at('a:1').health = 'well';
    await clock.sleep(6000);
    at('a:1').done.length = 0;
    await Promise.all(names(4).map((name) => run(name)));
    equal(at('a:1').done.length, 2);
  });

  it('waits for the only one there is, then gives up by name', async () => {
    const { clock, pool, run, at } = playing(['a:1']);
    await pool.start(never);
    at('a:1').health = 'dead';
    const recovery = clock.sleep(20_000).then(() => (at('a:1').health = 'well'));
    equal(await run('patient'), 'a:1');
    await recovery;
    at('a:1').health = 'dead';
    const startMs = clock.monotonicMs();
    await rejects(run('lost'), { code: 'POLICY_UNAVAILABLE' });
    equal(clock.monotonicMs() - startMs, 60_000);
  });

  it('begins with one of two, and lets the other in when it is there', async () => {
    const { clock, pool, run, at } = playing(['a:1', 'b:1']);
    const starting = pool.start(never);
    at('a:1').health = 'dead';
    await starting;
    equal(await run('first'), 'b:1');
    at('a:1').health = 'well';
    await clock.sleep(6000);
    deepEqual(new Set(await Promise.all([run('second'), run('third')])), new Set(['a:1', 'b:1']));
  });

  it('does not take a unit for lost that is only longer than all before it', async () => {
    const { clock, pool, at, retries } = playing(['a:1']);
    await pool.start(never);
    const slow = (durationMs: number) =>
      pool.run({
        size: { kind: 'score', size: 4 },
        signal: never,
        work: async (_replica, { timeoutMs }) => {
          await clock.sleep(Math.min(durationMs, timeoutMs));
          if (durationMs > timeoutMs) throw failure('DEADLINE_EXCEEDED');
          return 'done';
        },
      });
    await slow(100);
    equal(await slow(300_000), 'done');
    ok(retries.every((reason) => reason === 'DEADLINE_EXCEEDED'));
    equal(at('a:1').health, 'well');
  });

  it('goes elsewhere when one is full, and waits as long as it is told when all are', async () => {
    const { clock, pool, run, at } = playing(['a:1', 'b:1']);
    await pool.start(never);
    at('a:1').health = 'full';
    deepEqual(new Set(await Promise.all(names(3).map((name) => run(name)))), new Set(['b:1']));
    at('b:1').health = 'full';
    const recovery = clock.sleep(2000).then(() => (at('b:1').health = 'well'));
    equal(await run('patient'), 'b:1');
    await recovery;
    ok(pool.all.every(({ state }) => state === 'serving'));
  });

  it('is refused as a whole where one does not fit at the start, and goes on without one that comes later', async () => {
    const { clock, pool, run, at } = playing(['a:1', 'b:1']);
    const starting = pool.start(never);
    at('b:1').health = 'misfit';
    await rejects(starting, { code: 'REPLICA_MISMATCH' });
    at('b:1').health = 'well';
    await clock.sleep(31_000);
    await pool.start(never);
    at('b:1').health = 'dead';
    await Promise.all([run('first'), run('second')]);
    at('b:1').health = 'misfit';
    await clock.sleep(6000);
    equal(pool.all[1]?.state, 'refused');
    deepEqual(new Set(await Promise.all(names(4).map((name) => run(name)))), new Set(['a:1']));
  });
});

describe('units that are bound to a replica', () => {
  const bindings = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'];

  it('go to the same one in every process, and are spread over all', async () => {
    const answers = async () => {
      const { run } = playing(['a:1', 'b:1'], { stickyMs: 30_000 });
      return await Promise.all(bindings.map((binding) => run(binding, binding)));
    };
    const first = await answers();
    deepEqual(await answers(), first);
    equal(new Set(first).size, 2);
  });

  it('wait for the one that may have been paid, as long as they are told, then go elsewhere', async () => {
    const { clock, run, at } = playing(['a:1', 'b:1'], { stickyMs: 30_000 });
    const answers = await Promise.all(bindings.map((binding) => run(binding, binding)));
    const binding = bindings[answers.indexOf('a:1')]!;
    at('a:1').health = 'dead';
    const startMs = clock.monotonicMs();
    const recovery = clock.sleep(10_000).then(() => (at('a:1').health = 'well'));
    equal(await run('repeated', binding), 'a:1');
    await recovery;
    at('a:1').health = 'dead';
    const againMs = clock.monotonicMs();
    equal(await run('repeated', binding), 'b:1');
    ok(clock.monotonicMs() - againMs >= 30_000 && againMs - startMs < 20_000);
  });
});

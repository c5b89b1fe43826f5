import { describe, it } from 'node:test';
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict';
import { Rng, canonicalJson, digestOf, digestOfJson, isDigest, seedOf, uniformOf } from './index.js';

describe('digest', () => {
  it('does not depend on the order of keys', () => {
    equal(digestOfJson({ a: 1, b: [1, { c: 2, d: 3 }] }), digestOfJson({ b: [1, { d: 3, c: 2 }], a: 1 }));
  });

  it('has the form that it recognises', () => {
    ok(isDigest(digestOf('x')));
    ok(!isDigest('sha256:xyz'));
  });

  it('digests parts as if joined', () => {
    equal(digestOf('ab', 'c'), digestOf(Buffer.from('abc')));
  });

  it('refuses numbers that JSON would turn into null', () => {
    throws(() => canonicalJson({ loss: Number.NaN }), /cannot hold the number NaN/);
  });
});

describe('random numbers', () => {
  it('are a pure function of the key', () => {
    equal(uniformOf(42, 1, 'row-7'), uniformOf(42, 1, 'row-7'));
    equal(new Rng(1, 'a').uint32(), new Rng(1, 'a').uint32());
  });

  it('tell keys apart that join to the same text', () => {
    notEqual(seedOf('1', '23'), seedOf('12', '3'));
    notEqual(seedOf(1), seedOf('1'));
  });

  it('match the published test vector of xoshiro128** for state 1, 2, 3, 4', () => {
    const rng = new Rng('any');
    (rng as unknown as { state: Uint32Array }).state.set([1, 2, 3, 4]);
    deepEqual(
      Array.from({ length: 4 }, () => rng.uint32()),
      [11520, 0, 5927040, 70819200],
    );
  });

  it('are uniform to within five standard errors', () => {
    const draws = Array.from({ length: 10_000 }, (_, i) => uniformOf('uniformity', i));
    const mean = draws.reduce((sum, u) => sum + u, 0) / draws.length;
    ok(Math.abs(mean - 0.5) < (5 * Math.sqrt(1 / 12)) / 100, `mean ${mean}`);
  });

  it('are normal to within five standard errors', () => {
    const rng = new Rng('normality');
    const draws = Array.from({ length: 10_000 }, () => rng.normal());
    const mean = draws.reduce((sum, z) => sum + z, 0) / draws.length;
    const variance = draws.reduce((sum, z) => sum + z * z, 0) / draws.length;
    ok(Math.abs(mean) < 0.05 && Math.abs(variance - 1) < 0.08, `mean ${mean}, variance ${variance}`);
  });

  it('shuffle without losing anything', () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = new Rng(7).shuffled(items);
    notEqual(shuffled.join(), items.join());
    deepEqual(
      shuffled.toSorted((a, b) => a - b),
      items,
    );
  });
});

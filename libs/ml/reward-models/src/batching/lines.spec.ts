/** @file Who is next: at the tokenizer calls take turns, at the model those of one length share a batch, oldest first. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arrivals } from './arrivals.js';
import { BatchLine, type BatchLineOptions } from './batch-line.js';
import type { Arrived, Encoded } from './work.js';

const arrived = (callId: number, count: number, options: Partial<Arrived> = {}): Arrived[] =>
  Array.from({ length: count }, (_, index) => ({
    callId,
    index,
    input: { prompt: { messages: [], text: '' }, response: 'x' },
    alone: false,
    ...options,
  }));

const names = (members: readonly { callId: number; index: number }[]): string[] =>
  members.map(({ callId, index }) => `${callId}.${index}`);

describe('at the tokenizer', () => {
  it('calls take turns, one input each', () => {
    const arrivals = new Arrivals(true);
    arrivals.add(arrived(1, 3));
    arrivals.add(arrived(2, 1));
    deepEqual(names(arrivals.nextGroup()), ['1.0', '2.0', '1.1', '1.2']);
    ok(arrivals.isEmpty);
  });

  it('calls come one after the other where they are kept apart', () => {
    const arrivals = new Arrivals(false);
    arrivals.add(arrived(1, 2));
    arrivals.add(arrived(2, 1));
    deepEqual(names(arrivals.nextGroup()), ['1.0', '1.1', '2.0']);
  });

  it('a step has a bounded number of inputs and characters, and at least one input', () => {
    const arrivals = new Arrivals(true);
    arrivals.add(arrived(1, 33));
    equal(arrivals.nextGroup().length, 32);
    const long = { input: { prompt: { messages: [], text: '' }, response: 'x'.repeat(40_000) } };
    arrivals.add(arrived(2, 2, long));
    deepEqual([arrivals.nextGroup().length, arrivals.nextGroup().length, arrivals.nextGroup().length], [1, 1, 1]);
  });

  it('a suspect is alone in its step', () => {
    const arrivals = new Arrivals(true);
    arrivals.add(arrived(1, 1));
    arrivals.add(arrived(2, 1, { alone: true }));
    arrivals.add(arrived(3, 1));
    deepEqual([arrivals.nextGroup(), arrivals.nextGroup(), arrivals.nextGroup()].map(names), [
      ['1.0'],
      ['2.0'],
      ['3.0'],
    ]);
  });

  it('a call that was given up is gone', () => {
    const arrivals = new Arrivals(true);
    arrivals.add(arrived(1, 2));
    arrivals.drop(1);
    ok(arrivals.isEmpty);
  });
});

const encoded = (callId: number, paddedLength: number, readyMs: number, options: Partial<Encoded> = {}): Encoded => ({
  callId,
  index: 0,
  encoded: { ids: [1], tokenTypeIds: [0], truncatedCount: 0 },
  paddedLength,
  alone: false,
  tokenizeMs: 0,
  readyMs,
  ...options,
});

function lineOf(waiting: readonly Encoded[], options: Partial<BatchLineOptions> = {}): BatchLine {
  const line = new BatchLine({ tokensMax: 32, waitMs: 0, acrossCalls: true, ...options });
  for (const one of waiting) line.add(one);
  return line;
}

const due = (line: BatchLine, nowMs: number): unknown => {
  const next = line.due(nowMs);
  return next.kind === 'batch' ? names(next.batch) : next.kind === 'wait' ? next.waitMs : next.kind;
};

describe('at the model', () => {
  it('inputs of one length share a batch, those that wait longest first', () => {
    const line = lineOf([encoded(1, 8, 1), encoded(2, 16, 0), encoded(3, 8, 2), encoded(4, 16, 3)]);
    deepEqual([due(line, 9), due(line, 9), due(line, 9)], [['2.0', '4.0'], ['1.0', '3.0'], 'nothing']);
  });

  it('a batch has as many tokens as it may, and one input at least', () => {
    const line = lineOf([encoded(1, 16, 0), encoded(2, 16, 0), encoded(3, 16, 0), encoded(4, 64, 1)]);
    deepEqual([due(line, 9), due(line, 9), due(line, 9)], [['1.0', '2.0'], ['3.0'], ['4.0']]);
  });

  it('one that is alone never waits; others wait for neighbours until the oldest has waited long enough', () => {
    const wait = { waitMs: 5 };
    deepEqual(due(lineOf([encoded(1, 8, 10)], wait), 10), ['1.0']);
    const line = lineOf([encoded(1, 8, 10), encoded(2, 16, 12)], wait);
    deepEqual([due(line, 12), due(line, 15)], [3, ['1.0']]);
  });

  it('a full batch goes before one that waits', () => {
    const line = lineOf([encoded(1, 8, 10), encoded(2, 16, 11), encoded(3, 16, 11)], { waitMs: 5 });
    deepEqual([due(line, 12), due(line, 12)], [['2.0', '3.0'], ['1.0']]);
  });

  it('calls share no batch where they are kept apart, nor suspects with anybody, nor rows that see each other', () => {
    const two = [encoded(1, 8, 0), encoded(2, 8, 1)];
    for (const options of [
      { acrossCalls: false, waitMs: 9 },
      { rowsMax: 1, waitMs: 9 },
    ]) {
      const line = lineOf(two, options);
      deepEqual([due(line, 1), due(line, 1)], [['1.0'], ['2.0']]);
    }
    const suspects = lineOf([encoded(1, 8, 0, { alone: true }), encoded(2, 8, 1), encoded(3, 8, 2)]);
    deepEqual([due(suspects, 3), due(suspects, 3)], [['1.0'], ['2.0', '3.0']]);
  });

  it('has enough to do with a full batch, or four batches of tokens, and forgets calls that were given up', () => {
    const line = lineOf(Array.from({ length: 3 }, (_, index) => encoded(index, 8, 0)));
    equal(line.isSaturated, false);
    line.add(encoded(3, 8, 0));
    equal(line.isSaturated, true);
    line.drop(3);
    equal(line.isSaturated, false);
    deepEqual([due(line, 1), due(line, 1)], [['0.0', '1.0', '2.0'], 'nothing']);
    const mixed = lineOf(Array.from({ length: 12 }, (_, index) => encoded(index, index + 6, 0)));
    equal(mixed.isSaturated, true, 'no length is there often enough, yet enough waits');
  });
});

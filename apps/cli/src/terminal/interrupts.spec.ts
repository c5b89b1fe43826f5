import { describe, it } from 'node:test';
import { deepEqual } from 'node:assert/strict';
import { Interrupts, aborted } from './interrupts.js';

describe('signals to the command line', () => {
  it('stop in good order first and at once then, and one that comes twice is one', () => {
    const interrupts = new Interrupts();
    void aborted(interrupts.stop);
    void aborted(interrupts.force);
    const left: number[] = [];
    const states = [0, 100, 250, 2000, 2100].map((nowMs) => {
      interrupts.signalled(nowMs, () => left.push(nowMs));
      return [interrupts.stop.aborted, interrupts.force.aborted];
    });
    deepEqual(states, [
      [true, false],
      [true, false],
      [true, false],
      [true, true],
      [true, true],
    ]);
    deepEqual(left, []);
  });

  it('end a command that listens to none, and one that does not end by itself', () => {
    const deaf = new Interrupts();
    const left: string[] = [];
    deaf.signalled(0, () => left.push('deaf'));
    const slow = new Interrupts();
    void aborted(slow.stop);
    slow.signalled(0, () => left.push('too early'));
    slow.signalled(1000, () => left.push('slow'));
    deepEqual(left, ['deaf', 'slow']);
  });
});

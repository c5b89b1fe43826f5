import { deepEqual, equal, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { lowerPriority } from './low-priority.js';

const LOWEST = 19;
const usual = getPriority(0);

function reasonToSkip(): string | false {
  if (process.platform !== 'linux') return 'priorities are of whole processes here';
  if (usual === LOWEST) return 'these tests run at the lowest priority themselves';
  try {
    setPriority(0, usual);
    setPriority(0, usual + 1);
    setPriority(0, usual);
    return false;
  } catch {
    return 'this user may not raise a priority that was lowered';
  }
}

const atLowest = (): number[] =>
  readdirSync('/proc/self/task')
    .map(Number)
    .filter((id) => getPriority(id) === LOWEST);

describe('the priority of a thread that loads', { skip: reasonToSkip() }, () => {
  it('is the lowest until it has loaded, its own threads included, and nobody else’s', async () => {
    const raise = lowerPriority();
    equal(getPriority(0), LOWEST);
    const child = new Worker("require('node:worker_threads').parentPort.once('message', () => {})", { eval: true });
    await once(child, 'online');
    const low = atLowest();
    ok(
      low.length >= 2 && low.length < readdirSync('/proc/self/task').length,
      `${low.length} threads are at the lowest`,
    );
    raise();
    deepEqual([getPriority(0), atLowest()], [usual, []]);
    child.postMessage('end');
    await once(child, 'exit');
  });
});

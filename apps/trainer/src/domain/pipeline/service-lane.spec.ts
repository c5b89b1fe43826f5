import { describe, it } from 'node:test';
import { deepEqual, rejects } from 'node:assert/strict';
import { ServiceLane } from './service-lane.js';

const PRECEDENCE = ['train', 'generate', 'score'];
const never = new AbortController().signal;

/** Units by the names of their stages, in the order in which they begin; each ends when told. */
function laneOf(unitsMax: number): {
  readonly lane: ServiceLane;
  readonly begun: string[];
  readonly ask: (stage: string) => Promise<void>;
  readonly end: (stage: string) => Promise<void>;
} {
  const lane = new ServiceLane({ unitsMax, precedence: PRECEDENCE });
  const begun: string[] = [];
  const open: { readonly stage: string; readonly end: () => void }[] = [];
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    lane,
    begun,
    ask: async (stage) => {
      void lane.run(stage, never, () => {
        begun.push(stage);
        return new Promise<void>((end) => open.push({ stage, end }));
      });
      await turn();
    },
    end: async (stage) => {
      const [found] = open.splice(
        open.findIndex((unit) => unit.stage === stage),
        1,
      );
      found?.end();
      await turn();
    },
  };
}

describe('a service lane', () => {
  it('lets so many units go at once, and the stage nearest to the end first', async () => {
    const { begun, ask, end } = laneOf(1);
    for (const stage of ['score', 'score', 'generate', 'train']) await ask(stage);
    deepEqual(begun, ['score']);
    await end('score');
    await end('train');
    await end('generate');
    deepEqual(begun, ['score', 'train', 'generate', 'score']);
  });

  it('gives every stage that waits its share of the places', async () => {
    const { begun, ask, end } = laneOf(2);
    for (const stage of ['train', 'train', 'train', 'generate', 'generate']) await ask(stage);
    deepEqual(begun, ['train', 'train']);
    await end('train');
    deepEqual(begun, ['train', 'train', 'generate'], 'one place is held by training, the other one goes round');
    await end('train');
    deepEqual(begun, ['train', 'train', 'generate', 'train']);
  });

  it('does not begin what was given up while it waited', async () => {
    const { lane, begun, ask, end } = laneOf(1);
    await ask('score');
    const givingUp = new AbortController();
    const waiting = lane.run('train', givingUp.signal, () => Promise.resolve(begun.push('never')));
    givingUp.abort(new RangeError('given up'));
    await rejects(waiting, /given up/);
    await rejects(
      lane.run('train', givingUp.signal, () => Promise.resolve()),
      /given up/,
    );
    await ask('generate');
    await end('score');
    deepEqual(begun, ['score', 'generate']);
  });

  it('frees the place of a unit that failed', async () => {
    const { lane, begun, ask } = laneOf(1);
    await rejects(
      lane.run('score', never, () => Promise.reject(new TypeError('broken'))),
      /broken/,
    );
    await ask('generate');
    deepEqual(begun, ['generate']);
  });
});

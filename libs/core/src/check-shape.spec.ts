/** Goal: an unknown key is told at its own place with the key that was meant, wherever in the value it stands. */
import { describe, it } from 'node:test';
import { deepEqual } from 'node:assert/strict';
import { z } from 'zod';
import { checkShape } from './check-shape.js';

const kind = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('a'), alpha: z.number().optional() }),
  z.strictObject({ kind: z.literal('b'), beta: z.number().optional() }).refine(() => true),
]);
const schema = z.strictObject({
  seed: z.number().default(1),
  kinds: z.record(z.string(), kind).default({}),
  list: z
    .array(
      z.strictObject(
        { weight: z.number() },
        { error: ({ code }) => (code === 'invalid_type' ? 'a weight' : undefined) },
      ),
    )
    .prefault([]),
});

const told = (value: unknown) =>
  checkShape(schema, value).problems.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('a checked shape', () => {
  it('is what the schema makes of a good value', () => {
    deepEqual(checkShape(schema, {}), { data: { seed: 1, kinds: {}, list: [] }, problems: [] });
  });

  it('tells each unknown key by itself, with the key that was meant where one is near', () => {
    deepEqual(told({ sed: 1, foo: 2, list: [{ weight: 1 }, { wieght: 2, weight: 2 }] }), [
      'list.1.wieght: no such key (did you mean `weight`?)',
      'sed: no such key (did you mean `seed`?)',
      'foo: no such key',
    ]);
  });

  it('guesses among the keys of the kind that was chosen', () => {
    deepEqual(told({ kinds: { x: { kind: 'b', betta: 1 }, y: { kind: 'a', beta: 1 } } }), [
      'kinds.x.betta: no such key (did you mean `beta`?)',
      'kinds.y.beta: no such key',
    ]);
  });

  it('leaves what the schema says about everything else', () => {
    deepEqual(told({ list: [1] }), ['list.0: a weight']);
  });
});

/** @file What holds of the slots of a name whatever is asked of them, in any order. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AppError, digestOfJson } from '#core';
import {
  configured,
  firstSlots,
  liveEpoch,
  modelOf,
  promoted,
  retired,
  rolledBack,
  warmEpochs,
  withStaged,
  withoutModel,
  type ModelRecord,
  type Slots,
} from './slots.js';

const recordOf = (name: number): Omit<ModelRecord, 'id'> => ({
  spec: { backend: 'length', target: name },
  weightsDigest: digestOfJson(name),
  tokenizerDigest: '',
  templateDigest: '',
});

const WARM_MAX = 2;

type Act =
  | { readonly kind: 'stage' | 'configure'; readonly name: number }
  | { readonly kind: 'promote' | 'rollback' | 'retireStaged' }
  | { readonly kind: 'retire' | 'lose'; readonly back: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom('stage' as const, 'configure' as const), name: fc.integer({ min: 0, max: 9 }) }),
  fc.record({
    kind: fc.constantFrom('promote' as const, 'promote' as const, 'rollback' as const, 'retireStaged' as const),
  }),
  fc.record({ kind: fc.constantFrom('retire' as const, 'lose' as const), back: fc.integer({ min: 0, max: 4 }) }),
);

function after(slots: Slots, action: Act): Slots {
  switch (action.kind) {
    case 'stage':
      return withStaged(slots, recordOf(action.name));
    case 'configure':
      return configured(slots, recordOf(action.name), WARM_MAX).slots;
    case 'promote':
      return promoted(slots, WARM_MAX).slots;
    case 'rollback':
      return rolledBack(slots, WARM_MAX).slots;
    case 'retireStaged':
      return retired(slots, { kind: 'staged' });
    case 'retire':
      return retired(slots, { kind: 'epoch', epoch: Math.max(1, liveEpoch(slots).epoch - action.back) });
    case 'lose': {
      const model = slots.models[action.back % slots.models.length]!.id;
      return model === liveEpoch(slots).model ? slots : withoutModel(slots, model);
    }
    default:
      return action satisfies never;
  }
}

/** The slots after an act; as they were where it is refused by name. */
function tried(slots: Slots, action: Act): Slots {
  try {
    return after(slots, action);
  } catch (thrown) {
    assert.ok(thrown instanceof AppError, String(thrown));
    return slots;
  }
}

const begun = firstSlots('m', recordOf(0));

describe('the slots of a name', () => {
  it('have one model in service, whose epoch grows by one with each swap and never otherwise', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let slots = begun;
        for (const action of acts) {
          const before = liveEpoch(slots).epoch;
          const next = tried(slots, action);
          const isSwap = ['promote', 'rollback', 'configure'].includes(action.kind) && next !== slots;
          assert.equal(liveEpoch(next).epoch, before + (isSwap ? 1 : 0), action.kind);
          slots = next;
        }
      }),
    );
  });

  it('refer to models that are kept, and keep none that they do not refer to', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { epochs, models, staged } = acts.reduce(tried, begun);
        const used = new Set([...epochs.map(({ model }) => model), ...(staged ? [staged.model] : [])]);
        assert.deepEqual(new Set(models.map(({ id }) => id)), used);
        assert.ok(epochs.every(({ epoch }, i) => i === 0 || epoch > epochs[i - 1]!.epoch));
      }),
    );
  });

  it('keep no more models warm than they may, and always the one to go back to', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let slots = begun;
        for (const action of acts) {
          const live = liveEpoch(slots);
          const next = tried(slots, action);
          const warm = new Set(next.epochs.map(({ model }) => model));
          assert.ok(warm.size <= WARM_MAX + 1);
          if (liveEpoch(next).epoch > live.epoch) assert.ok(warmEpochs(next).includes(live.epoch));
          slots = next;
        }
      }),
    );
  });

  it('never let an epoch stand for two models', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const known = new Map<number, string>();
        let slots = begun;
        for (const action of acts) {
          slots = tried(slots, action);
          for (const { epoch, model } of slots.epochs) {
            const digest = modelOf(slots, model).weightsDigest;
            assert.equal(known.get(epoch) ?? digest, digest);
            known.set(epoch, digest);
          }
        }
      }),
    );
  });

  it('bring back the model before with a rollback, and the one after with another', () => {
    const two = promoted(withStaged(begun, recordOf(1)), WARM_MAX).slots;
    const back = rolledBack(two, WARM_MAX).slots;
    const forth = rolledBack(back, WARM_MAX).slots;
    const liveModels = [begun, two, back, forth].map((slots) => liveEpoch(slots));
    assert.deepEqual(liveModels, [
      { epoch: 1, model: 1 },
      { epoch: 2, model: 2 },
      { epoch: 3, model: 1 },
      { epoch: 4, model: 2 },
    ]);
  });

  it('name what goes when more are warm than may be', () => {
    const models = [1, 2, 3].reduce(
      (slots, name) => promoted(withStaged(slots, recordOf(name)), WARM_MAX).slots,
      begun,
    );
    const { slots, retired: gone } = promoted(withStaged(models, recordOf(4)), WARM_MAX);
    assert.deepEqual([gone, warmEpochs(slots)], [[{ epoch: 2, model: 2 }], [3, 4]]);
  });

  it('refuse by name what makes no sense', () => {
    const staged = withStaged(begun, recordOf(1));
    assert.throws(() => withStaged(staged, recordOf(2)), { code: 'REWARD_MODEL_ALREADY_STAGED' });
    assert.throws(() => promoted(begun, WARM_MAX), { code: 'REWARD_MODEL_NOT_STAGED' });
    assert.throws(() => rolledBack(begun, WARM_MAX), { code: 'ROLLBACK_UNAVAILABLE', message: /epoch 1 is the first/ });
    assert.throws(() => retired(begun, { kind: 'staged' }), { code: 'REWARD_MODEL_NOT_STAGED' });
    assert.throws(() => retired(begun, { kind: 'epoch', epoch: 1 }), { code: 'REWARD_MODEL_IN_SERVICE' });
    assert.throws(() => retired(begun, { kind: 'epoch', epoch: 7 }), { code: 'REWARD_EPOCH_MISMATCH' });
    const two = retired(promoted(staged, WARM_MAX).slots, { kind: 'epoch', epoch: 1 });
    assert.throws(() => rolledBack(two, WARM_MAX), { code: 'ROLLBACK_UNAVAILABLE', message: /retired or lost/ });
  });
});

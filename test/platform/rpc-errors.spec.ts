/** @file What a caller learns of a failure, through every kind of call. */
import { describe, it } from 'node:test';
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { AppError, RequestInvalidError } from '#core';
import { RemoteError, SentTextMalformedError, toItemStatus } from '#platform/rpc';
import { drained, remote } from '../support/calls.js';
import { startTinyRig } from '../support/tiny-rig.js';

class AdapterAbsentError extends AppError {
  readonly code = 'ADAPTER_NOT_RESIDENT';
  readonly status = 'FAILED_PRECONDITION';
  constructor() {
    super('adapter sha256:é is not here', { facts: { digest: 'sha256:0', count: 3 }, retryAfterMs: 1500 });
  }
}

const { behaviour, reward, policy, admin } = await startTinyRig();

describe('errors between services', () => {
  for (const kind of ['unary', 'server stream', 'client stream'] as const) {
    it(`carry an error's reason, facts and delay through a ${kind}`, async () => {
      const fail = async (): Promise<never> => {
        throw new AdapterAbsentError();
      };
      behaviour.annotate = fail;
      behaviour.putAdapter = fail;
      behaviour.generate = async function* () {
        yield { sample: {} };
        await fail();
      };
      const call = {
        unary: () => reward.annotate({}),
        'server stream': () => drained(policy.generateResponses({})),
        'client stream': () => admin.putAdapter([]),
      }[kind];
      await rejects(call(), (thrown) => {
        ok(thrown instanceof RemoteError);
        deepEqual(
          [thrown.code, thrown.status, thrown.retryAfterMs, thrown.message],
          ['ADAPTER_NOT_RESIDENT', 'FAILED_PRECONDITION', 1500, 'adapter sha256:é is not here'],
        );
        deepEqual(thrown.facts, { digest: 'sha256:0', count: '3' });
        return true;
      });
    });

    it(`hide what an unexpected error says in a ${kind}`, async () => {
      const fail = async (): Promise<never> => {
        throw new Error('the password is 1234');
      };
      behaviour.annotate = fail;
      behaviour.putAdapter = fail;
      behaviour.generate = async function* () {
        yield {};
        await fail();
      };
      const call = {
        unary: () => reward.annotate({}),
        'server stream': () => drained(policy.generateResponses({})),
        'client stream': () => admin.putAdapter([]),
      }[kind];
      await rejects(call(), (thrown) => {
        ok(thrown instanceof RemoteError);
        equal(thrown.status, 'INTERNAL');
        ok(!thrown.message.includes('1234'));
        return true;
      });
    });
  }

  it('name every wrong field', async () => {
    const fieldProblems = [
      { field: 'items', description: 'expected at least one, got none' },
      { field: 'epoch', description: 'expected a whole number' },
    ];
    behaviour.annotate = async () => {
      throw new RequestInvalidError(fieldProblems);
    };
    await rejects(reward.annotate({}), (thrown) => {
      ok(thrown instanceof RemoteError);
      deepEqual([thrown.code, thrown.fieldProblems], ['REQUEST_INVALID', fieldProblems]);
      return true;
    });
  });

  it('refuse a text that the wire would alter, by its field and before anything is sent', async () => {
    let callCount = 0;
    behaviour.annotate = async () => {
      callCount++;
      return {};
    };
    const half = '\u{1f600}'.slice(0, 1);
    const items = [
      { prompt: { text: 'fine \u{1f600}' } },
      { responses: [{ text: 'a' }, { text: `\u{1f600}b${half}` }] },
    ];
    const problem = 'expected Unicode text, got a surrogate without its other half at UTF-16 index 3';
    await rejects(reward.annotate({ rewardModel: 'x', items }), (thrown) => {
      ok(thrown instanceof SentTextMalformedError);
      deepEqual(thrown.fieldProblems, [{ field: 'items[1].responses[1].text', description: problem }]);
      return true;
    });
    await rejects(drained(policy.generateResponses({ policy: half })), { code: 'TEXT_MALFORMED' });
    const header = { header: { spec: { targetModules: ['q_proj', half] } } };
    await rejects(admin.putAdapter([{ header: {} }, header]), { message: /header\.spec\.target_modules\[1\]/ });
    equal(callCount, 0);
  });

  it('let a very long message through, cut to what a header can hold', async () => {
    behaviour.annotate = async () => {
      throw new RequestInvalidError(
        Array.from({ length: 400 }, (_, index) => ({ field: `items[${index}]`, description: 'ü'.repeat(80) })),
      );
    };
    await rejects(reward.annotate({}), remote('REQUEST_INVALID', 'INVALID_ARGUMENT'));
  });

  it('describe one failed item without failing the call', () => {
    deepEqual(toItemStatus(new AdapterAbsentError()), {
      code: 9,
      reason: 'ADAPTER_NOT_RESIDENT',
      message: 'adapter sha256:é is not here',
      retryAfter: { seconds: '1', nanos: 500_000_000 },
    });
    match(toItemStatus(new Error('secret')).message ?? '', /its log tells more/);
  });
});

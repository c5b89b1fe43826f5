/** @file What a caller learns of a failure, through every kind of call. */
import { after, before, beforeEach, describe, it } from 'node:test';
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { AppError, RequestInvalidError } from '#core';
import { RemoteError, createRpcClient, toItemStatus, type RpcApp, type RpcClient } from '#platform/rpc';
import { drained, remote } from '../support/calls.js';
import { TinyBehaviour, startTinyApp } from '../support/tiny-app.js';

class AdapterAbsentError extends AppError {
  readonly code = 'ADAPTER_NOT_RESIDENT';
  readonly status = 'FAILED_PRECONDITION';
  constructor() {
    super('adapter sha256:é is not here', { facts: { digest: 'sha256:0', count: 3 }, retryAfterMs: 1500 });
  }
}

describe('errors between services', () => {
  const behaviour = new TinyBehaviour();
  let app: RpcApp;
  let reward: RpcClient<'metaapo.reward.v1.RewardService'>;
  let policy: RpcClient<'metaapo.policy.v1.PolicyService'>;
  let admin: RpcClient<'metaapo.policy.v1.PolicyAdminService'>;

  before(async () => {
    app = await startTinyApp(behaviour, { messageBytesMax: 1 << 20 });
    reward = createRpcClient('metaapo.reward.v1.RewardService', app.address());
    policy = createRpcClient('metaapo.policy.v1.PolicyService', app.address());
    admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', app.address('admin'));
  });
  after(async () => {
    for (const client of [reward, policy, admin]) client.close();
    await app.close();
  });
  beforeEach(() => {
    for (const key of Object.keys(behaviour)) delete behaviour[key as keyof TinyBehaviour];
  });

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

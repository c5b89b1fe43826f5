/** Goal: replicas change alike or not at all; where one fails, it is told which is where, and how to finish by the same request. */
import { describe, it } from 'node:test';
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import type { RewardModel__Output } from '#contracts/reward';
import { RemoteError } from '#platform/rpc';
import { changeReplicas, commonSlots, type RewardChange } from './change-replicas.js';
import type { RewardReplica } from './reward-client.js';

type Admin = RewardReplica<'admin'>;

function model(epoch: string, digest: string, state = 'PROMOTED'): RewardModel__Output {
  return {
    rewardModel: 'judge',
    state: `REWARD_MODEL_STATE_${state}` as RewardModel__Output['state'],
    provenance: {
      rewardModel: 'judge',
      epoch,
      weightsDigest: `sha256:${digest}`,
      tokenizerDigest: '',
      templateDigest: '',
      backend: 'length',
      executionProvider: 'javascript',
      dtype: 'float64',
      serviceVersion: '0.0.0',
      truncation: '',
    },
  };
}

/** A replica whose slots are these models. */
function replica(address: string, ...models: readonly RewardModel__Output[]): Admin {
  const versions = models.map((rewardModel) => ({ rewardModel }));
  const client = { listRewardModelVersions: () => Promise.resolve({ versions, events: [] }) };
  return { port: 'admin', address, client: client as unknown as Admin['client'] };
}

const refusal = () =>
  new RemoteError({ code: 'REWARD_EPOCH_MISMATCH', status: 'FAILED_PRECONDITION', message: 'epoch 2 is in service' });
const lost = () => new RemoteError({ code: 'UNAVAILABLE', status: 'UNAVAILABLE', message: 'connection dropped' });

/** Carried out by all replicas but one. */
function promotion(
  failing: string | undefined,
  failure: () => Error,
  asked: string[] = [],
): (replicas: readonly Admin[]) => RewardChange {
  return (replicas) => ({
    title: 'promote judge',
    requestId: 'id-1',
    words: ['metaapo', 'reward', 'promote', 'judge', '--expected-epoch', '2', '--reason', 'it is better'],
    apply: (client) => {
      const { address = '' } = replicas.find((one) => one.client === client) ?? {};
      asked.push(address);
      return address === failing ? Promise.reject(failure()) : Promise.resolve(model('3', 'ee'));
    },
  });
}

const options = () => ({ timeoutMs: 1000, signal: new AbortController().signal });
const three = () => ['a:1', 'b:1', 'c:1'].map((address) => replica(address));

describe('a look at replicas before they are changed', () => {
  const query = () => ({ rewardModel: 'judge', ...options() });

  it('finds them alike whatever traffic did to them', async () => {
    const slots = await commonSlots(
      [
        replica('a:1', model('2', 'cc'), model('0', 'dd', 'STAGED'), model('1', 'bb', 'SUPERSEDED')),
        replica('b:1', model('2', 'cc'), model('0', 'dd', 'SHADOWING'), model('1', 'bb', 'SUPERSEDED')),
      ],
      query(),
    );
    equal(slots.live?.rewardModel?.provenance?.epoch, '2');
    equal(slots.warm.length, 1);
  });

  it('names each with its models where one differs in epoch, model, staged or warm', async () => {
    const first = replica('a:1', model('2', 'cc'));
    for (const other of [
      replica('b:1', model('3', 'cc')),
      replica('b:1', model('2', 'ff')),
      replica('b:1', model('2', 'cc'), model('0', 'dd', 'STAGED')),
      replica('b:1', model('2', 'cc'), model('1', 'bb', 'SUPERSEDED')),
      replica('b:1'),
    ]) {
      await rejects(commonSlots([first, other], query()), {
        code: 'REWARD_REPLICAS_DIFFER',
        message: /a:1: epoch 2 is sha256:cc, in service\n {2}b:1: [^]+Nothing was changed\./,
      });
    }
  });
});

describe('a change of all replicas', () => {
  it('goes to each in turn', async () => {
    const asked: string[] = [];
    const replicas = three();
    const changed = await changeReplicas(replicas, promotion(undefined, lost, asked)(replicas), options());
    deepEqual(asked, ['a:1', 'b:1', 'c:1']);
    deepEqual(
      changed.map(({ address }) => address),
      ['a:1', 'b:1', 'c:1'],
    );
  });

  it('is refused as a whole when the first refuses', async () => {
    const replicas = three();
    const asked: string[] = [];
    await rejects(changeReplicas(replicas, promotion('a:1', refusal, asked)(replicas), options()), {
      code: 'REWARD_EPOCH_MISMATCH',
      message: 'a:1: epoch 2 is in service',
    });
    deepEqual(asked, ['a:1']);
  });

  it('says which replica is where when a later one refuses, and how to finish', async () => {
    const replicas = three();
    await rejects(changeReplicas(replicas, promotion('b:1', refusal)(replicas), options()), {
      code: 'REWARD_CHANGE_INCOMPLETE',
      message:
        'promote judge: not every replica has done it:\n' +
        '  a:1: done, epoch 3 is sha256:ee\n' +
        '  b:1: REWARD_EPOCH_MISMATCH: b:1: epoch 2 is in service\n' +
        '  c:1: not asked\n' +
        'Mend what is wrong, then finish with the same request; who has done it does not do it again:\n' +
        `  metaapo reward promote judge --expected-epoch 2 --reason 'it is better' --request-id id-1 --admin a:1,b:1,c:1`,
    });
  });

  it('leaves it in doubt when a replica is lost on the way, be it the first', async () => {
    for (const failing of ['a:1', 'c:1']) {
      const replicas = three();
      await rejects(changeReplicas(replicas, promotion(failing, lost)(replicas), options()), {
        code: 'REWARD_CHANGE_INCOMPLETE',
        message: new RegExp(`${failing}: REWARD_UNREACHABLE: .+ \\(it may have done it\\)`),
      });
    }
  });

  it('stops between two replicas when a person wants it, with the command that finishes', async () => {
    const replicas = three();
    const controller = new AbortController();
    const change = promotion(undefined, lost)(replicas);
    const stopping: RewardChange = {
      ...change,
      apply: async (client, call) => {
        const done = await change.apply(client, call);
        controller.abort();
        return done;
      },
    };
    await rejects(
      changeReplicas(replicas, stopping, { timeoutMs: 1000, signal: controller.signal }),
      (error: Error) => {
        equal((error as unknown as { code: string }).code, 'INTERRUPTED');
        match(error.message, /a:1: done[^]+b:1: not asked[^]+--request-id id-1/);
        return true;
      },
    );
  });

  it('is found out where the same spec led to another model elsewhere', async () => {
    const replicas = three();
    const change: RewardChange = {
      ...promotion(undefined, lost)(replicas),
      apply: (client) => Promise.resolve(model('3', client === replicas[1]?.client ? 'ff' : 'ee')),
    };
    await rejects(changeReplicas(replicas, change, options()), {
      code: 'REWARD_REPLICAS_DIFFER',
      message: /b:1: epoch 3 is sha256:ff[^]+Every replica has done it \(promote judge\), and they differ now/,
    });
  });
});

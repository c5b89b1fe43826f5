/**
 * @file Changes all replicas of a reward service alike: looks that they are alike, asks one after the other, and where one
 * does not do it tells where each stands and how to finish.
 *
 * The services make it safe: a request that is repeated under its id is not carried out twice, and a caller who names the
 * epoch that he knows is refused when somebody was first.
 */
import { AppError, messageOf } from '#core';
import type { RewardModel__Output } from '#contracts/reward';
import { RemoteError } from '#platform/rpc';
import { InterruptedError, UsageError } from '../cli.errors.js';
import { shellLine } from '../terminal/shell-words.js';
import { RewardChangeIncompleteError, RewardReplicasDifferError } from './reward.errors.js';
import { ask, type AskOptions, type RewardReplica } from './reward-client.js';
import { shortDigest, slotsIn, slotsName, type Slots } from './slots.js';

type Admin = RewardReplica<'admin'>;

export interface RewardChange {
  /** For people, for instance `promote sentiment`. */
  readonly title: string;
  readonly requestId: string;
  /** Words of the command line that asks for the same under the same id, addresses apart. */
  readonly words: readonly string[];
  readonly apply: (admin: Admin['client'], call: AskOptions) => Promise<RewardModel__Output | null>;
}

/** A replica and the model that the change was about. */
export interface ChangedReplica {
  readonly address: string;
  readonly model: RewardModel__Output;
}

/** What all replicas have alike. @throws RewardReplicasDifferError */
export async function commonSlots(
  replicas: readonly Admin[],
  query: AskOptions & { readonly rewardModel: string },
): Promise<Slots> {
  const slots = await Promise.all(replicas.map((replica) => slotsIn(replica, query)));
  const names = new Map(replicas.map(({ address }, index) => [address, slotsName(slots[index]!)]));
  if (new Set(names.values()).size > 1) {
    throw new RewardReplicasDifferError(query.rewardModel, names, 'Nothing was changed.');
  }
  return slots[0]!;
}

/** @throws RewardChangeIncompleteError, InterruptedError, and what the first replica refuses with */
export async function changeReplicas(
  replicas: readonly Admin[],
  change: RewardChange,
  options: AskOptions,
): Promise<readonly ChangedReplica[]> {
  const changed: ChangedReplica[] = [];
  const { signal } = options;
  for (const replica of replicas) {
    const { address } = replica;
    if (signal.aborted) throw incomplete(change, { replicas, changed, isStopped: true });
    try {
      const model = await ask(replica, options, change.apply);
      if (model) changed.push({ address, model });
    } catch (thrown) {
      if (changed.length === 0 && isRefusal(thrown)) throw thrown;
      const failure = { address, text: failureText(thrown) };
      throw incomplete(change, { replicas, changed, failure, isStopped: signal.aborted });
    }
  }
  refuseDifferent(change, changed);
  return changed;
}

/** True when the service, or the command line itself, says that it was not done; without an answer it may have been. */
function isRefusal(thrown: unknown): boolean {
  return thrown instanceof UsageError || (thrown instanceof RemoteError && thrown.code !== thrown.status);
}

interface Incomplete {
  readonly replicas: readonly Admin[];
  readonly changed: readonly ChangedReplica[];
  /** The one that did not answer as it should. */
  readonly failure?: { readonly address: string; readonly text: string };
  /** By a person. */
  readonly isStopped: boolean;
}

function incomplete(change: RewardChange, { replicas, changed, failure, isStopped }: Incomplete): Error {
  const done = new Map(changed.map(({ address, model }) => [address, `done, ${outcomeText(model)}`]));
  const outcomes = new Map(
    replicas.map(({ address }) => {
      const failed = address === failure?.address ? failure.text : 'not asked';
      return [address, done.get(address) ?? failed];
    }),
  );
  const addresses = replicas.map(({ address }) => address).join(',');
  const command = shellLine([...change.words, '--request-id', change.requestId, '--admin', addresses]);
  const error = new RewardChangeIncompleteError(change.title, outcomes, command);
  return isStopped ? new InterruptedError(error.message) : error;
}

function failureText(thrown: unknown): string {
  const code = thrown instanceof AppError ? `${thrown.code}: ` : '';
  const doubt = isRefusal(thrown) ? '' : ' (it may have done it)';
  return `${code}${messageOf(thrown)}${doubt}`;
}

function outcomeText({ provenance }: RewardModel__Output): string {
  const { epoch = '0', weightsDigest = '' } = provenance ?? {};
  return `${epoch === '0' ? '' : `epoch ${epoch} is `}${shortDigest(weightsDigest)}`;
}

/** The same file or name may lead to another model on another machine. */
function refuseDifferent({ title }: RewardChange, changed: readonly ChangedReplica[]): void {
  const outcomes = new Map(changed.map(({ address, model }) => [address, outcomeText(model)]));
  if (new Set(outcomes.values()).size <= 1) return;
  const name = changed[0]?.model.rewardModel ?? '';
  throw new RewardReplicasDifferError(name, outcomes, `Every replica has done it (${title}), and they differ now.`);
}

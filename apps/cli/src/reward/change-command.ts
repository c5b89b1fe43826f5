/** @file What the commands that change something have in common: whom they ask, what they check first, what they tell. */
import { randomUUID } from 'node:crypto';
import type { RewardModel__Output } from '#contracts/reward';
import type { CommandContext } from '../commands/context.js';
import type { AskOptions, RewardReplica } from './reward-client.js';
import { withReplicas } from './reward-client.js';
import { changeReplicas, commonSlots, type ChangedReplica, type RewardChange } from './change-replicas.js';
import type { ChangeOptions } from './reward-options.js';
import type { Slots } from './slots.js';

/** What every request of a change carries. */
export interface RequestBase {
  readonly rewardModel: string;
  readonly requestId: string;
  readonly requester: string;
  readonly reason: string;
}

/** The change as one command makes it. */
export interface ChangeSpec {
  /** As it is typed: `promote`. */
  readonly verb: string;
  readonly rewardModel: string;
  readonly options: ChangeOptions & { readonly json?: boolean };
  /** Made of what all replicas have alike; undefined where an earlier request is repeated. */
  readonly requestOf: (slots: Slots | undefined) => {
    /** Words after the name that ask for the same. */
    readonly words: readonly string[];
    readonly apply: (
      admin: RewardReplica<'admin'>['client'],
      base: RequestBase,
      call: AskOptions,
    ) => Promise<{ readonly rewardModel: RewardModel__Output | null }>;
  };
}

export interface ChangeOutcome {
  readonly changed: readonly ChangedReplica[];
  /** How things stood before. */
  readonly before: Slots | undefined;
}

/** Asks all replicas, after a look that they are alike; a repetition skips the look, since it mends what is not alike. */
export async function carryOut(
  { verb, rewardModel, options, requestOf }: ChangeSpec,
  { interrupts }: CommandContext,
): Promise<ChangeOutcome> {
  const { admin, timeout: timeoutMs, requester, reason = '', requestId = randomUUID() } = options;
  const asking: AskOptions = { timeoutMs, signal: interrupts.stop };
  return await withReplicas('admin', admin, async (replicas) => {
    const isRepetition = options.requestId !== undefined;
    const before = isRepetition ? undefined : await commonSlots(replicas, { ...asking, rewardModel });
    const { words, apply } = requestOf(before);
    const given = (flag: string, value: string): readonly string[] => (value === '' ? [] : [flag, value]);
    const change: RewardChange = {
      title: `${verb} ${rewardModel}`,
      requestId,
      words: [
        'metaapo',
        'reward',
        verb,
        rewardModel,
        ...words,
        ...given('--reason', reason),
        ...given('--requester', requester),
      ],
      apply: async (client, call) =>
        (await apply(client, { rewardModel, requestId, requester, reason }, call)).rewardModel,
    };
    return { changed: await changeReplicas(replicas, change, asking), before };
  });
}

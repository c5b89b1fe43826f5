/** @file What stands behind a name in one replica, and how two replicas are compared. */
import type { ListRewardModelVersionsResponse__Output, RewardModelVersion__Output } from '#contracts/reward';
import { ask, type AskOptions, type RewardReplica } from './reward-client.js';

export type Version = RewardModelVersion__Output;

/** The models behind a name. */
export interface Slots {
  readonly live: Version | undefined;
  readonly staged: Version | undefined;
  /** Newest epoch first. */
  readonly warm: readonly Version[];
  readonly told: ListRewardModelVersionsResponse__Output;
}

export interface SlotsQuery extends AskOptions {
  readonly rewardModel: string;
  /** @default the service's */
  readonly eventCountMax?: number;
}

export async function slotsIn(
  replica: RewardReplica<'admin'>,
  { rewardModel, eventCountMax = 0, ...options }: SlotsQuery,
): Promise<Slots> {
  return slotsOf(
    await ask(replica, options, (admin, call) => admin.listRewardModelVersions({ rewardModel, eventCountMax }, call)),
  );
}

export function slotsOf(told: ListRewardModelVersionsResponse__Output): Slots {
  const inState = (...states: readonly string[]) =>
    told.versions.filter(({ rewardModel }) => states.includes(rewardModel?.state.replace(STATE_PREFIX, '') ?? ''));
  return {
    live: inState('PROMOTED')[0],
    staged: inState('STAGED', 'SHADOWING')[0],
    warm: inState('SUPERSEDED'),
    told,
  };
}

const STATE_PREFIX = /^REWARD_MODEL_STATE_/;

export const epochOf = (version: Version | undefined): number => Number(version?.rewardModel?.provenance?.epoch ?? '0');

export const digestIn = (version: Version | undefined): string => version?.rewardModel?.provenance?.weightsDigest ?? '';

/** Of a digest as much as tells models apart: `sha256:` and twelve digits. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + SHORT_DIGITS);
}

const SHORT_DIGITS = 12;

/** Names the models in all slots, and nothing that traffic changes: equal for replicas that were changed alike. */
export function slotsName({ live, staged, warm }: Slots): string {
  const named = (version: Version): string => `epoch ${epochOf(version)} is ${shortDigest(digestIn(version))}`;
  return [
    live ? `${named(live)}, in service` : 'none in service',
    ...(staged ? [`staged ${shortDigest(digestIn(staged))}`] : []),
    ...warm.map((version) => `${named(version)}, warm`),
  ].join('; ');
}

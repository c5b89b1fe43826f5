/** @file What a promotion or rollback came to, in one line. */
import type { ChangedReplica } from './change-replicas.js';
import { modelText } from './models-text.js';
import { epochOf, type Slots } from './slots.js';

export function swapHeadline(
  rewardModel: string,
  [first]: readonly ChangedReplica[],
  before: Slots | undefined,
): string {
  const epoch = first?.model.provenance?.epoch ?? '?';
  const now = `${rewardModel}: epoch ${epoch} in service, ${first ? modelText(first.model) : 'unknown'}`;
  const old = before?.live;
  if (!old?.rewardModel) return now;
  return `${now}; before: epoch ${epochOf(old)}, ${modelText(old.rewardModel)}, kept warm`;
}

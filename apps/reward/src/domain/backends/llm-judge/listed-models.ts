/** @file Whether the server lists the model that is to judge: a wrong name or key is told at the start, at no cost. */
import { RewardModelBrokenError } from '../../reward.errors.js';
import { below } from '../http/endpoint.js';
import type { HttpCaller } from '../http/http-caller.js';
import { RewardRemoteRefusedError, RewardRemoteReplyInvalidError } from '../http/remote.errors.js';
import type { JudgeSpec } from './judge-spec.js';

/** Statuses of servers that list nothing. */
const NO_LIST: readonly (number | undefined)[] = [404, 405, 501];
const NAMED_MAX = 8;

/**
 * @throws RewardModelBrokenError where there is a list without the model; RewardRemoteError where the server cannot be
 * reached or refuses the key
 */
export async function refuseUnlisted(
  caller: HttpCaller,
  { base_url: baseUrl, model }: Pick<JudgeSpec, 'base_url' | 'model'>,
  { rewardModel, signal }: { readonly rewardModel: string; readonly signal: AbortSignal },
): Promise<void> {
  const listed = await listOf(caller, baseUrl, signal);
  if (listed === undefined || listed.length === 0 || listed.includes(model)) return;
  const named = listed.slice(0, NAMED_MAX).join(', ');
  throw new RewardModelBrokenError(
    rewardModel,
    `expected the server to list the model ${JSON.stringify(model)}, it lists ${listed.length}: ${named}; "verify": false asks nothing`,
  );
}

/** Ids of the models, or undefined where the server has no such list. */
async function listOf(caller: HttpCaller, baseUrl: string, signal: AbortSignal): Promise<string[] | undefined> {
  try {
    const { json } = await caller.get(below(baseUrl, 'models'), signal);
    const data = (json as { data?: unknown } | null)?.data;
    if (!Array.isArray(data)) return undefined;
    return data.flatMap((entry: unknown) => {
      const id = (entry as { id?: unknown } | null)?.id;
      return typeof id === 'string' ? [id] : [];
    });
  } catch (thrown) {
    if (thrown instanceof RewardRemoteReplyInvalidError) return undefined;
    if (thrown instanceof RewardRemoteRefusedError && NO_LIST.includes(thrown.refusal.httpStatus)) return undefined;
    throw thrown;
  }
}

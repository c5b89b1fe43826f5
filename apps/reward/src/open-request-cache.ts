/** @file From configuration to the file that remembers what was paid for. */
import { messageOf } from '#core';
import { JsonLog } from '#platform/lifecycle';
import type { RewardConfig } from './config.js';
import { RequestCache } from './storage/request-cache.js';

/** @throws RequestCacheUnusableError (`REQUEST_CACHE_UNUSABLE`) */
export function openRequestCache({
  requestCachePath: path,
}: Pick<RewardConfig, 'requestCachePath'>): RequestCache | undefined {
  if (path === undefined) return undefined;
  const log = new JsonLog('reward');
  return RequestCache.open(path, { onLost: (error) => log.error(messageOf(error), {}, 'request-cache') });
}

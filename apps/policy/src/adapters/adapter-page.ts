/**
 * @file One page of the resident adapters.
 *
 * The list is ordered by use and changes between calls, so a token names the last adapter seen rather than a position; when it has
 * been dropped since, the list has no place to go on from and the token is refused.
 */
import { isDigest } from '#core';
import type { ResidentAdapter } from '#ml/engine';
import { RequestCheck } from '../requests/request-check.js';
import { PageTokenInvalidError } from './adapters.errors.js';

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1000;

export interface AdapterPage {
  readonly adapters: readonly ResidentAdapter[];
  readonly nextPageToken: string;
}

/** @throws `PAGE_TOKEN_INVALID`, `REQUEST_INVALID` */
export function adapterPage(
  resident: readonly ResidentAdapter[],
  { pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string },
): AdapterPage {
  const check = new RequestCheck();
  check.expect(
    pageSize <= PAGE_SIZE_MAX,
    'page_size',
    `at most ${PAGE_SIZE_MAX}, or 0 for ${PAGE_SIZE_DEFAULT}`,
    pageSize,
  );
  check.finish();
  const start = pageToken === '' ? 0 : 1 + placeOf(pageToken, resident);
  const adapters = resident.slice(start, start + (pageSize || PAGE_SIZE_DEFAULT));
  const isLast = start + adapters.length >= resident.length;
  return { adapters, nextPageToken: isLast ? '' : (adapters.at(-1)?.digest ?? '') };
}

function placeOf(pageToken: string, resident: readonly ResidentAdapter[]): number {
  const index = isDigest(pageToken) ? resident.findIndex(({ digest }) => digest === pageToken) : -1;
  if (index < 0) throw new PageTokenInvalidError();
  return index;
}

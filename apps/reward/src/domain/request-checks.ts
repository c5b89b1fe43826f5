/** @file What every request with items has to keep, before any model is asked. */
import { RequestInvalidError } from '#core';

const REQUEST_ID_LENGTH_MAX = 128;

/** @throws RequestInvalidError */
export function checkRequestId(requestId: string): void {
  if (requestId.length <= REQUEST_ID_LENGTH_MAX) return;
  throw RequestInvalidError.of('request_id', `at most ${REQUEST_ID_LENGTH_MAX} characters`, `${requestId.length}`);
}

/** At least one item, each with an id of its own. @throws RequestInvalidError */
export function checkItems(items: readonly { readonly itemId: string }[]): void {
  if (items.length === 0) throw RequestInvalidError.of('items', 'at least one item', 'none');
  const seen = new Set<string>();
  items.forEach(({ itemId }, index) => {
    if (itemId === '') throw RequestInvalidError.of(`items[${index}].item_id`, 'text, not empty', 'none');
    if (seen.has(itemId)) {
      throw RequestInvalidError.of(
        `items[${index}].item_id`,
        'an id unique within the request',
        JSON.stringify(itemId),
      );
    }
    seen.add(itemId);
  });
}

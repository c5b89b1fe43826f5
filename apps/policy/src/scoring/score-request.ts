/** @file Checks a `ScoreResponsesRequest` as a whole. */
import type { ScoreResponsesRequest__Output } from '#contracts/policy';
import type { PolicyRef } from '#ml/engine';
import { RequestCheck } from '../requests/request-check.js';
import { toPolicyRef } from '../requests/policy-ref.js';

/** The policies to score under; an empty list means the base alone. @throws `REQUEST_INVALID` with all problems */
export function checkScoreRequest(request: ScoreResponsesRequest__Output, unitItemsMax: number): PolicyRef[] {
  const check = new RequestCheck();
  for (const [index, policy] of request.policies.entries()) check.expectPolicy(policy, `policies[${index}]`);
  check.expectItems(request.items, unitItemsMax);
  for (const [index, { responses }] of request.items.entries()) {
    check.expect(responses.length > 0, `items[${index}].responses`, 'at least one response', 'none');
  }
  check.finish();
  return request.policies.length > 0 ? request.policies.map(toPolicyRef) : [null];
}

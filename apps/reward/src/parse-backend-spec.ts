/** @file From the JSON of a request to a reward model as it would be configured. */
import { checkShape, duplicateKey, messageOf, parseForeignJson, RequestInvalidError } from '#core';
import { backendSpec } from './config.js';
import type { BackendSpec } from './domain/backends/backend-kinds.js';

/** @throws RequestInvalidError with every problem and its place inside the value */
export function parseBackendSpec(json: string): BackendSpec {
  const { data, problems } = checkShape(backendSpec, parsed(json));
  if (data) return data;
  throw new RequestInvalidError(
    problems.map(({ path, message }) => ({ field: ['spec_json', ...path].join('.'), description: message })),
  );
}

function parsed(json: string): unknown {
  const refused = (got: string) =>
    RequestInvalidError.of('spec_json', 'JSON as one value of REWARD_MODELS, for instance {"backend":"vader"}', got);
  let value: unknown;
  try {
    value = parseForeignJson(json);
  } catch (thrown) {
    throw refused(json === '' ? 'none' : messageOf(thrown));
  }
  const key = duplicateKey(json);
  if (key !== undefined) throw refused(`the key ${JSON.stringify(key)} twice`);
  return value;
}

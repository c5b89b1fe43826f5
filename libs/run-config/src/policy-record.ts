/**
 * @file `policy.json` in a run directory: which policy the run has reached, and on which base. Written whenever a phase of
 * training ends, so that a run that is still going, or was stopped, can be exported too.
 */
import { z } from 'zod';
import { ConfigInvalidError } from './run-config.errors.js';

export const POLICY_RECORD_FILE = 'policy.json';

const policyRecordSchema = z.strictObject({
  /** Folder that the configuration's paths start from, relative to the run directory. */
  base_directory: z.string(),
  /** Digest of the base model. */
  base_digest: z.string(),
  /** Digest of the adapter. */
  adapter_digest: z.string(),
  /** Digest, and so name in `artifacts/`, of its tensors. */
  artifact: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});

export type PolicyRecord = z.output<typeof policyRecordSchema>;

export function encodePolicyRecord(record: PolicyRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** @throws ConfigInvalidError */
export function parsePolicyRecord(text: string, where: string): PolicyRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = policyRecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigInvalidError([{ path: where, value: text.slice(0, 80), rule: 'the record of a policy' }]);
}

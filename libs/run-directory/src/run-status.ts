/**
 * @file `status.json` in a run directory: how the run stands, for whoever looks at the directory without working on the
 * run. The journal is what counts; this file follows it, a moment behind while the run goes on, and exactly once it ended.
 */
import { z } from 'zod';

export const STATUS_FILE = 'status.json';
/** Raised when a reader of an earlier version would misunderstand the file. */
export const RUN_FORMAT = 1;
const FORMAT = /^metaapo\.run\/(\d+)$/;

const statusSchema = z.object({
  format: z.literal(`metaapo.run/${RUN_FORMAT}`),
  run_id: z.string(),
  /** As the configuration names it. */
  name: z.string(),
  state: z.enum(['running', 'cancelled', 'succeeded', 'failed']),
  /** Phase it is in, or was in last; empty before the first. */
  phase: z.string(),
  /** Iteration it is in, from 0. */
  iteration: z.number().int(),
  iterations_done: z.number().int(),
  iteration_count: z.number().int(),
  /** Annotations paid for in training. */
  annotations: z.number().int(),
  /** What sampling every prompt would have cost so far, in annotations. */
  annotations_ungated: z.number().int(),
  /** What the annotations cost; null where the configuration names no price. */
  cost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
  optimizer_steps: z.number().int(),
  config_digest: z.string(),
  /** Digests of the files it reads: `data`, `held_out`. */
  inputs: z.record(z.string(), z.string()),
  /** Digest of the final adapter; empty before the end. */
  adapter_digest: z.string(),
  failure: z.object({ reason: z.string(), message: z.string() }).nullable(),
  /** ISO 8601. */
  create_time: z.string(),
  update_time: z.string(),
  /** Null while it goes on. */
  end_time: z.string().nullable(),
});

export type RunStatus = Readonly<z.output<typeof statusSchema>>;

export function encodeStatus(status: Omit<RunStatus, 'format'>): string {
  return `${JSON.stringify({ format: `metaapo.run/${RUN_FORMAT}`, ...status }, null, 1)}\n`;
}

export type ParsedStatus =
  | { readonly kind: 'status'; readonly status: RunStatus }
  /** Written by a later version. */
  | { readonly kind: 'newer'; readonly format: number }
  | { readonly kind: 'damaged'; readonly problem: string };

export function parseStatus(text: string): ParsedStatus {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'damaged', problem: 'found no JSON' };
  }
  const format = FORMAT.exec(String((value as { format?: unknown } | null)?.format));
  if (format && Number(format[1]) > RUN_FORMAT) return { kind: 'newer', format: Number(format[1]) };
  const parsed = statusSchema.safeParse(value);
  if (parsed.success) return { kind: 'status', status: parsed.data };
  return { kind: 'damaged', problem: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
}

/** @file Has a run directory checked by the trainer, who knows what it has written. */
import { z } from 'zod';
import { trainerOutput } from './trainer-output.js';

const findingSchema = z.object({
  /** `unchecked` could not be reached, so nothing is known of it; `notice` is worth knowing and harmless. */
  severity: z.enum(['damage', 'unchecked', 'notice']),
  /** From the run directory. */
  place: z.string(),
  /** Expected, and found. */
  problem: z.string(),
  remedy: z.string(),
});

const checkSchema = z.object({
  /** Empty when not even that could be read. */
  runId: z.string(),
  findings: z.array(findingSchema),
  /** How many of each were looked at. */
  checked: z.object({
    units: z.number(),
    steps: z.number(),
    metaStates: z.number(),
    scores: z.number(),
    artifacts: z.number(),
    files: z.number(),
  }),
});

export type RunCheck = z.output<typeof checkSchema>;
export type Finding = z.output<typeof findingSchema>;

export interface CheckRunOptions {
  /** Folder that the configuration's paths start from, where the run does not say. */
  readonly baseDirectory?: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws InterruptedError; ServiceDiedError when the check itself fails */
export async function checkRun(path: string, { baseDirectory, signal }: CheckRunOptions): Promise<RunCheck> {
  const args = [path, ...(baseDirectory === undefined ? [] : [baseDirectory])];
  return await trainerOutput('fsck-main.js', { args, schema: checkSchema, what: 'check', signal });
}

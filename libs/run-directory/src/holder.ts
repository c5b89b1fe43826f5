/** @file `holder.json` in a run directory: who works on the run. There while a process holds it, and after one that was killed. */
import { z } from 'zod';
import { livenessOf, type Liveness } from './process-identity.js';

export const HOLDER_FILE = 'holder.json';

const holderSchema = z.object({
  host: z.string(),
  machine: z.string(),
  pid: z.number().int(),
  started: z.string(),
  /** When it took the directory, ISO 8601. */
  since: z.string(),
  /** Where it serves TrainerService; empty when it does not. */
  address: z.string(),
  /** Counts its signs of life, for machines that cannot see the process. */
  beat: z.number().int(),
});

export type Holder = Readonly<z.output<typeof holderSchema>>;

export function encodeHolder(holder: Holder): string {
  return `${JSON.stringify(holder)}\n`;
}

/** The holder; undefined for anything else. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export function holderLiveness(holder: Holder): Liveness {
  return livenessOf(holder);
}

/** For people: "process 4711 on host-a since 2026-01-02T03:04:05.000Z, serving at 127.0.0.1:50057". */
export function describeHolder({ host, pid, since, address }: Holder): string {
  return `process ${pid} on ${host} since ${since}${address === '' ? '' : `, serving at ${address}`}`;
}

/** @file Memory of a process, as Linux accounts for it. */
import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  /** Bytes in memory now. */
  readonly resident: number;
  /** Most there ever were. */
  readonly peak: number;
  /** Of `resident`: what belongs to the process alone, pages of mapped files left out. */
  readonly anonymous: number;
}

/** Undefined where there is no /proc. */
export function processMemory(pid: number): ProcessMemory | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
  return { resident: bytes('VmRSS'), peak: bytes('VmHWM'), anonymous: bytes('RssAnon') };
}

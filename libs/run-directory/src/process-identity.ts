/**
 * @file Who a process is, so that a later one can tell whether it still lives. An id alone is not enough: ids are used
 * again, so the time at which the process began belongs to it; and ids mean nothing on another machine or in another
 * container.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  /** Name of the machine, for people. */
  readonly host: string;
  /** Where process ids are unique: the boot of a machine and, on Linux, the name space of ids. */
  readonly machine: string;
  readonly pid: number;
  /** When the process began, in ticks since the boot; empty where the system does not tell. */
  readonly started: string;
}

/** `unknown`: it is on another machine, from where nothing can be seen. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { host: hostname(), machine: machineName(), pid: process.pid, started: startOf(process.pid) ?? '' };
}

/** Whether the process still lives, as far as this one can tell. */
export function livenessOf({ machine, pid, started }: ProcessIdentity): Liveness {
  if (machine !== machineName()) return 'unknown';
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return 'dead';
  }
  const now = startOf(pid);
  return started === '' || now === undefined || now === started ? 'alive' : 'dead';
}

function machineName(): string {
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pids = read(() => readlinkSync('/proc/self/ns/pid'));
  return boot === undefined ? hostname() : [boot, pids ?? ''].join(' ');
}

/** Field 22 of /proc/PID/stat; the command's name, which may hold anything, ends with the last parenthesis. */
function startOf(pid: number): string | undefined {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD];
}

/** Field 22, less the two that stand before the closing parenthesis, from 0. */
const START_FIELD = 22 - 3;

function read(reading: () => string): string | undefined {
  try {
    return reading();
  } catch {
    return undefined;
  }
}

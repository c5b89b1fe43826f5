/**
 * @file Loading beside a model that serves: hundreds of milliseconds of arithmetic that nobody waits for, on processors that
 * answer callers meanwhile. On Linux each thread has a priority of its own; loading gets the lowest.
 */
import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** The calling thread, for the system. */
const SELF = 0;
/** Where the system lists the threads of this process. */
const THREADS = '/proc/self/task';
const LOWEST = constants.priority.PRIORITY_LOW;

/**
 * Lowers the priority of the thread that calls it; threads that it starts inherit that.
 *
 * @returns raises both to what it was. Does nothing where priorities are of whole processes (not Linux), and where this
 *   process may not raise what it has lowered (neither CAP_SYS_NICE nor a limit that allows it): a model that served at the
 *   lowest priority would starve beside others.
 */
export function lowerPriority(): () => void {
  if (process.platform !== 'linux') return () => {};
  const usual = getPriority(SELF);
  if (usual >= LOWEST || !mayRaiseTo(usual)) return () => {};
  setPriority(SELF, LOWEST);
  return () => {
    // Another model that is being loaded at this time is raised with it: it loads a little faster.
    for (const thread of readdirSync(THREADS).map(Number)) raise(thread, usual);
  };
}

/** Tried by one step, since what the system allows is written in several places. One step is hardly felt where it stays. */
function mayRaiseTo(usual: number): boolean {
  setPriority(SELF, usual + 1);
  try {
    setPriority(SELF, usual);
    return true;
  } catch {
    return false;
  }
}

function raise(thread: number, usual: number): void {
  try {
    if (getPriority(thread) === LOWEST) setPriority(thread, usual);
  } catch {
    // it has ended since it was listed
  }
}

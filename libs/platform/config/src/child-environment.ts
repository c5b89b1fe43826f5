/** @file The environment of a child process: this process's own, with some variables set. */
import type { Environment } from './load-config.js';

/** What `spawn` takes as `env`; values given here win over inherited ones. */
export function childEnvironment(set: Environment): Record<string, string | undefined> {
  return { ...process.env, ...set };
}

/** @file Which processes a rig has left: they are marked by a variable of their environment. */
import { readFileSync, readdirSync } from 'node:fs';

export const RIG_VARIABLE = 'METAAPO_FAULT_RIG';

/** Ids of living processes with the rig's mark; undefined where the system does not show environments (not Linux). */
export function processesOf(rig: string): number[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const mark = `${RIG_VARIABLE}=${rig}`;
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const isOurs = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(mark);
      return isOurs ? [Number(name)] : [];
    } catch {
      return []; // it ended meanwhile, or is another user's
    }
  });
}

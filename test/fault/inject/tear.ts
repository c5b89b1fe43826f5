/** @file Files as a crash of the machine may leave them: without their end, or with a bit that is another. */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, TornFile } from '../plan/fault.js';

/** What is written last is torn: this much of a file's end. */
const REACH_BYTES = 64 * 1024;

/** Tears a file of the run directory. @returns its name; undefined where there is none of this kind */
export function tear(runDirectory: string, { file, damage, share }: Fault & { kind: 'torn' }): string | undefined {
  const name = candidates(runDirectory, file).at(-1);
  if (name === undefined) return undefined;
  const descriptor = openSync(join(runDirectory, name), 'r+');
  try {
    const { size } = fstatSync(descriptor);
    const reach = Math.min(size, REACH_BYTES);
    if (reach === 0) return undefined;
    const at = size - reach + Math.floor(share * reach);
    if (damage === 'truncated') {
      ftruncateSync(descriptor, at);
      return name;
    }
    const byte = Buffer.alloc(1);
    readSync(descriptor, byte, 0, 1, at);
    byte[0]! ^= 1 << Math.floor(share * 8);
    writeSync(descriptor, byte, 0, 1, at);
    return name;
  } finally {
    closeSync(descriptor);
  }
}

/** Names within the run directory, the one to tear last. */
function candidates(runDirectory: string, file: TornFile): string[] {
  const there = (names: readonly string[]): string[] => names.filter((name) => existsSync(join(runDirectory, name)));
  switch (file) {
    case 'log':
      return there(['run.sqlite-wal']);
    case 'database':
      return there(['run.sqlite']);
    case 'artifact':
      return existsSync(join(runDirectory, 'artifacts'))
        ? readdirSync(join(runDirectory, 'artifacts'))
            .toSorted()
            .map((name) => join('artifacts', name))
        : [];
    case 'record':
      return there(['config.yaml', 'policy.json', 'report.json']);
  }
}

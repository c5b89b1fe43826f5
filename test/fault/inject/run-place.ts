/** @file Where a faulted run lies: its directory, which may be on a small disk, and a copy from before it was torn. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SmallDisk } from '../rig/small-disk.js';
import type { Fault } from '../plan/fault.js';
import { tear } from './tear.js';

export class RunPlace {
  readonly runDirectory: string;
  private readonly place: string;
  private readonly disk?: SmallDisk;
  private readonly copy: string;
  private isTorn = false;

  constructor(folder: string, name: string, { onSmallDisk }: { readonly onSmallDisk: boolean }) {
    // At the same depth either way: a record of the run names its base directory relative to it.
    this.place = join(folder, `${name}-place`);
    if (onSmallDisk) this.disk = SmallDisk.mount(this.place);
    this.runDirectory = join(this.place, name);
    this.copy = join(folder, `${name}-copy`);
  }

  fill(roomKiB: number): void {
    this.disk?.fill(roomKiB);
  }

  /** @returns the torn file; undefined where there is none yet */
  tear(fault: Fault & { kind: 'torn' }): string | undefined {
    if (!existsSync(this.runDirectory)) return undefined;
    if (!this.isTorn) cpSync(this.runDirectory, this.copy, { recursive: true });
    const name = tear(this.runDirectory, fault);
    this.isTorn ||= name !== undefined;
    return name;
  }

  /** Makes room, or puts back what was torn. @returns false when there is nothing to mend */
  mend(reason: string): boolean {
    if (reason === 'DISK_FULL' && this.disk) {
      this.disk.clear();
      return true;
    }
    if (!this.isTorn || !isDamageReason(reason)) return false;
    this.isTorn = false;
    rmSync(this.runDirectory, { recursive: true, force: true });
    cpSync(this.copy, this.runDirectory, { recursive: true });
    return true;
  }

  remove(): void {
    this.disk?.unmount();
    rmSync(this.place, { recursive: true, force: true });
    rmSync(this.copy, { recursive: true, force: true });
  }
}

/** Names by which a run says that its files are not what it wrote. */
export function isDamageReason(reason: string): boolean {
  return /_DAMAGED$|^RUN_SCHEMA_UNKNOWN$|^RUN_CONFIG_CHANGED$/.test(reason);
}

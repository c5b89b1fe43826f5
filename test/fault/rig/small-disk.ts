/**
 * @file A file system of a few MiB that can be filled up: a tmpfs of its own, where this process may mount one.
 *
 * A limit on the size of files would not do: SQLite's log is small when the disk is full.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SIZE_MIB = 8;

export class SmallDisk {
  private constructor(readonly path: string) {}

  /** Why there can be none; false where there can. */
  static whyNot(folder: string): string | false {
    try {
      SmallDisk.mount(join(folder, 'trial')).unmount();
      return false;
    } catch (error) {
      return `no tmpfs may be mounted: ${String(error).split('\n')[0]}`;
    }
  }

  static mount(path: string): SmallDisk {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m`, 'metaapo-fault', path], { stdio: 'pipe' });
    return new SmallDisk(path);
  }

  /** Takes all room but this. */
  fill(roomKiB: number): void {
    const { bavail, bsize } = statfsSync(this.path);
    try {
      writeFileSync(this.fillerPath, Buffer.alloc(Math.max(0, bavail * bsize - roomKiB * 1024)));
    } catch (error) {
      // The run took some of the room meanwhile: what could be written fills the disk.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }

  /** Gives the room back. */
  clear(): void {
    rmSync(this.fillerPath, { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.path], { stdio: 'pipe' });
  }

  private get fillerPath(): string {
    return join(this.path, 'filler');
  }
}

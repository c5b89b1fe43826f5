/** @file An output file of JSON lines that appears under its name only when it is complete. */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { messageOf } from '#core';
import { FileUnusableError, UsageError } from '../cli.errors.js';

export class OutputFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws UsageError when the path cannot be written to */
  static async create(path: string): Promise<OutputFile> {
    try {
      return new OutputFile(path, await open(`${path}.partial`, 'w'));
    } catch (cause) {
      throw new UsageError(`Expected a path that can be written to, got ${path}: ${messageOf(cause)}`, { cause });
    }
  }

  /** Appends rows. @throws `FILE_UNUSABLE`, for instance when the disk is full */
  async write(rows: readonly unknown[]): Promise<void> {
    await this.guarded(this.handle.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
  }

  /** Puts the file in its place. */
  async complete(): Promise<void> {
    await this.guarded(this.handle.close());
    await this.guarded(rename(`${this.path}.partial`, this.path));
  }

  /** Takes the unfinished file away. Harmless after `complete`. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => {});
    await rm(`${this.path}.partial`, { force: true });
  }

  private async guarded(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (cause) {
      throw new FileUnusableError(`${this.path} cannot be written: ${messageOf(cause)}`, { cause });
    }
  }
}

/**
 * @file A file read from its beginning to its end, each byte once: what is read is hashed in passing.
 *
 * The system opens whatever a path names; only regular files are read, since a pipe would be waited for and a device may
 * never end.
 */
import { createHash, type Hash } from 'node:crypto';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { assert } from '#core';
import { SafetensorsInvalidError } from './tensor.errors.js';

/** Large enough that calls cost nothing, small enough to stay in the processor's cache until it is converted. */
export const CHUNK_BYTES = 1 << 20;

export class SequentialFile implements AsyncDisposable {
  /** Bytes of the file when it was opened. */
  readonly sizeBytes: number;
  #position = 0;
  readonly #hash: Hash | undefined;

  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    sizeBytes: number,
    hash: boolean,
  ) {
    this.sizeBytes = sizeBytes;
    this.#hash = hash ? createHash('sha256') : undefined;
  }

  /** @throws SafetensorsInvalidError for what is no regular file; the system's error where it cannot be opened */
  static async open(path: string, options: { hash?: boolean } = {}): Promise<SequentialFile> {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (!found.isFile()) throw new SafetensorsInvalidError(path, 'is not a regular file');
      return new SequentialFile(handle, path, found.size, options.hash ?? false);
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }

  /** Fills the whole target with the next bytes. */
  async read(target: Uint8Array): Promise<void> {
    let done = 0;
    while (done < target.byteLength) {
      const { bytesRead } = await this.handle.read(target, done, target.byteLength - done, this.#position);
      if (bytesRead === 0) {
        throw new SafetensorsInvalidError(this.path, `truncated at byte ${this.#position} while reading`);
      }
      this.#hash?.update(target.subarray(done, done + bytesRead));
      done += bytesRead;
      this.#position += bytesRead;
    }
  }

  /** SHA-256 of all that was read, hexadecimal. */
  digestHex(): string {
    assert(this.#hash, 'the file was opened without a hash');
    return this.#hash.digest('hex');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}

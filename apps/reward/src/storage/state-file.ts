/**
 * @file The state of all names as one JSON file: epochs, slots, history. Written whole, beside the old one, and put in its
 * place when it is on disk: whoever reads it finds one or the other.
 *
 * One process writes it. Another one that does so too is noticed before it is overwritten.
 */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf, messageOf, parseForeignJson, type Digest } from '#core';
import { RewardStateUnusableError } from '../domain/lifecycle/lifecycle.errors.js';
import type { ServiceState, StateStore } from '../domain/lifecycle/name-state.js';
import { decodeState, encodeState } from './state-format.js';

/** What touches the disk, in the order of its calls; for tests that end it between two of them. */
export interface StateDisk {
  /** Undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Writes and makes the content durable. */
  write(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes durable which names a folder holds. */
  syncFolder(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const nodeDisk: StateDisk = {
  read: async (path) => {
    try {
      return await readFile(path, 'utf8');
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
      throw thrown;
    }
  },
  write: async (path, text) => {
    await mkdir(dirname(path), { recursive: true });
    await using file = await open(path, 'w', 0o600);
    await file.writeFile(text);
    await file.sync();
  },
  rename,
  syncFolder: async (path) => {
    await using folder = await open(path, 'r');
    await folder.sync();
  },
  remove: (path) => rm(path, { force: true }),
};

export class StateFile implements StateStore {
  /** Of what this process has read or written last; undefined while there is no file. */
  private known: Digest | undefined;

  constructor(
    private readonly path: string,
    private readonly disk: StateDisk = nodeDisk,
  ) {}

  /** The state; empty where there is no file. @throws RewardStateUnusableError (`REWARD_STATE_UNUSABLE`) */
  async read(): Promise<ServiceState> {
    try {
      const text = await this.disk.read(this.path);
      this.known = text === undefined ? undefined : digestOf(text);
      return text === undefined ? new Map() : decodeState(parseForeignJson(text));
    } catch (thrown) {
      throw new RewardStateUnusableError(this.path, messageOf(thrown), thrown);
    }
  }

  async write(state: ServiceState): Promise<void> {
    const text = encodeState(state);
    const partial = `${this.path}.partial`;
    try {
      const found = await this.disk.read(this.path);
      if ((found === undefined ? undefined : digestOf(found)) !== this.known) {
        throw new TypeError('it is not as this process wrote it last: another process writes it too');
      }
      await this.disk.write(partial, text);
      await this.disk.rename(partial, this.path);
      this.known = digestOf(text);
      await this.disk.syncFolder(dirname(this.path));
    } catch (thrown) {
      await this.disk.remove(partial).catch(() => {});
      throw new RewardStateUnusableError(this.path, messageOf(thrown), thrown);
    }
  }
}

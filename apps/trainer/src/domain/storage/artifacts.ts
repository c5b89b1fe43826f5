/**
 * @file Large files of a run (adapters, moments), named by the digest of their content: a name can be checked and never
 * goes stale. The journal names a file only after it is durable.
 */
import type { Digest } from '#core';

export interface Artifacts {
  /** Stores bytes and returns their name. @throws DiskFullError */
  put(bytes: Uint8Array): Promise<Digest>;

  /** @throws ArtifactDamagedError (`ARTIFACT_DAMAGED`) when it is gone or altered */
  get(digest: Digest): Promise<Uint8Array>;

  /** Harmless when it is not there. */
  remove(digest: Digest): Promise<void>;

  /** Removes what a crash left over: half-written files, and files that the journal does not name. */
  sweep(inUse: ReadonlySet<Digest>): Promise<void>;
}

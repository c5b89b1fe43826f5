/** @file The directory of a run for those who do not work on it: how the run stands, and who holds it. */
export { describeHolder, holderLiveness, type Holder } from './holder.js';
export {
  holdsOlderRun,
  readHolder,
  readRun,
  readRuns,
  type SeenRun,
  type SeenState,
  type UnreadableRun,
} from './read-run.js';
export { RunFormatNewerError, RunStatusDamagedError } from './run-directory.errors.js';
export type { RunStatus } from './run-status.js';

// For whoever works in a directory.
export { lockDirectory, type DirectoryLock } from './directory-lock.js';

// For the trainer, which writes them.
export { HOLDER_FILE, encodeHolder, parseHolder } from './holder.js';
export { livenessOf, ownIdentity, type Liveness, type ProcessIdentity } from './process-identity.js';
export { STATUS_FILE, encodeStatus } from './run-status.js';

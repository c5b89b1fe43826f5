/** @file What can go wrong with a run's directory. */
import { AppError } from '#core';
import { describeHolder, type Holder } from '#run-directory';

/** Thrown when the disk has no room for what must be durable. The run stops cleanly and can go on later. */
export class DiskFullError extends AppError {
  readonly code = 'DISK_FULL';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(what: string, cause: unknown) {
    super(`Expected room on the disk for ${what}, found none. Make room, then start the run again; nothing is lost`, {
      facts: { what },
      cause,
    });
  }
}

/** Thrown when another process works on the run. */
export class RunDirectoryBusyError extends AppError {
  readonly code = 'RUN_DIRECTORY_BUSY';
  readonly status = 'FAILED_PRECONDITION';

  /** `holder` is undefined while the other one has not said its name yet. */
  constructor(runDirectory: string, holder: Holder | undefined) {
    const who = holder === undefined ? 'a process that has not said its name yet' : describeHolder(holder);
    super(
      `Run directory ${runDirectory} is in use by ${who}. Follow that run with metaapo watch, stop it, or give ` +
        'another directory',
      {
        facts: {
          runDirectory,
          ...(holder && { host: holder.host, pid: holder.pid, since: holder.since, address: holder.address }),
        },
      },
    );
  }
}

/** Thrown when a directory holds a run of other inputs than those given now. */
export class RunConfigChangedError extends AppError {
  readonly code = 'RUN_CONFIG_CHANGED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(input: string, was: string, is: string) {
    super(
      `This run was begun with ${input} ${was}, and now it is ${is}. ` +
        'Restore what changed, or start a new run in another directory',
      { facts: { input, was, is } },
    );
  }
}

/** Thrown when the directory was written by a version of the trainer that this one cannot read. */
export class RunSchemaUnknownError extends AppError {
  readonly code = 'RUN_SCHEMA_UNKNOWN';
  readonly status = 'FAILED_PRECONDITION';

  constructor(place: string, found: number, known: number) {
    super(
      `${place} has format version ${found}, this trainer reads ${known}. Use the version that wrote it, or another place`,
      { facts: { place, found, known } },
    );
  }
}

/** Thrown when the journal holds a unit of the same name but of another request: what a unit depends on has changed. */
export class JournalMismatchError extends AppError {
  readonly code = 'JOURNAL_MISMATCH';
  readonly status = 'FAILED_PRECONDITION';

  constructor(unitId: string) {
    super(
      `The journal holds a result of unit ${unitId} for another request. ` +
        'A service, the data or the model is no longer what this run began with: restore it, or start a new run',
      { facts: { unitId } },
    );
  }
}

/** Thrown when an entry of the journal is not what was written. */
export class JournalDamagedError extends AppError {
  readonly code = 'JOURNAL_DAMAGED';
  readonly status = 'DATA_LOSS';

  constructor(what: string, cause?: unknown) {
    super(
      `The journal: expected ${what} as it was written, found it altered. ` +
        'Run metaapo fsck on the run directory to see what else is; restore run.sqlite from a copy, or start a new run',
      { facts: { what }, cause },
    );
  }
}

/** Thrown when a score of the ledger is not what was written. */
export class LedgerDamagedError extends AppError {
  readonly code = 'LEDGER_DAMAGED';
  readonly status = 'DATA_LOSS';

  constructor(key: string, cause?: unknown) {
    super(
      `The ledger: expected the score of ${key} as it was written, found it altered. ` +
        'Restore the ledger from a copy, or delete that row of table ledger to pay for it again',
      { facts: { key }, cause },
    );
  }
}

/** Thrown when a file that the journal names is gone or altered. */
export class ArtifactDamagedError extends AppError {
  readonly code = 'ARTIFACT_DAMAGED';
  readonly status = 'DATA_LOSS';

  constructor(digest: string, found: string, cause?: unknown) {
    super(
      `Artifact ${digest} in artifacts/: expected its content, found ${found}. Restore it from a copy, or start a new run`,
      {
        facts: { digest, found },
        cause,
      },
    );
  }
}

const SQLITE_BUSY = 5;
const SQLITE_IOERR_WRITE = 778;
const SQLITE_FULL = 13;
/** The index of the write-ahead log cannot grow. */
const SQLITE_IOERR_SHMSIZE = 4874;

function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return undefined;
  return typeof thrown.errcode === 'number' ? thrown.errcode : undefined;
}

/** True when SQLite refused because another connection holds the lock. */
export function isSqliteBusy(thrown: unknown): boolean {
  return ((sqliteCode(thrown) ?? 0) & 0xff) === SQLITE_BUSY;
}

/** The error as `DISK_FULL` where it says that the disk, the quota or the database's limit is exhausted. */
export function asDiskError(thrown: unknown, what: string): unknown {
  const code = sqliteCode(thrown);
  const isFull = code === SQLITE_FULL || code === SQLITE_IOERR_WRITE || code === SQLITE_IOERR_SHMSIZE;
  if (isFull) return new DiskFullError(what, thrown);
  const system = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return system === 'ENOSPC' || system === 'EDQUOT' || system === 'EFBIG' ? new DiskFullError(what, thrown) : thrown;
}

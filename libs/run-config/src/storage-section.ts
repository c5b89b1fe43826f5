/**
 * @file Where a run keeps what must not be lost. None of it is part of the configuration's digest: results do not depend on
 * where they lie.
 *
 * URLs name host, port, database, bucket; never a password. Credentials come from the libraries' own variables
 * (`PGPASSWORD`, `PGPASSFILE`, `AWS_ACCESS_KEY_ID`, …).
 */
import { z } from 'zod';
import { integer, text } from './fields.js';

/** True for a URL of one of the schemes without a password in it. */
function isPlainUrl(value: string, protocols: readonly string[]): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && protocols.includes(url.protocol) && url.password === '' && url.host !== '';
}

/** True for what names a place by scheme rather than by path. */
export function isUrl(place: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(place);
}

/** A path, or a URL of the schemes. */
function place(what: string, protocols: readonly string[]) {
  const schemes = protocols.map((protocol) => `${protocol}//`).join(' or ');
  const rule = `${what}, or a URL with ${schemes} without a password`;
  return text(rule).refine((value) => !isUrl(value) || isPlainUrl(value, protocols), { error: rule });
}

const POSTGRESQL = ['postgres:', 'postgresql:'];

/**
 * Annotations that several runs share: an SQLite file, or `postgres://user@host/database`. null: the run's own. A run that
 * shares a ledger pays only for what no run has paid for. Default null.
 */
export const ledgerPlace = place('a path of an SQLite file', POSTGRESQL).nullable().default(null);

export const storageSection = z.strictObject({
  /** The journal: null is `run.sqlite` in the run's directory; else `postgres://user@host/database`. Default null. */
  journal: text('a URL with postgres:// without a password')
    .refine((value) => isPlainUrl(value, POSTGRESQL), { error: 'a URL with postgres:// without a password' })
    .nullable()
    .default(null),
  /** Adapters and moments: null is `artifacts/` in the run's directory; else a folder or `s3://bucket/prefix`. Default null. */
  artifacts: place('a path of a folder', ['s3:']).nullable().default(null),
  /**
   * Optimizer steps from one checkpoint of parameters and moments to the next; the last step of a phase is always one. A
   * restart computes the steps after the last checkpoint again. Range [1, 1000000]. Default 1.
   */
  checkpoint_steps: integer(1, 1_000_000).default(1),
});

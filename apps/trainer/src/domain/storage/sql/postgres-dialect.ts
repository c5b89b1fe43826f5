/** @file Where PostgreSQL differs from SQLite: types, parameters, and which failures pass. */
import type { Dialect } from './tables.js';

export const POSTGRES: Dialect = { bytes: 'BYTEA', real: 'DOUBLE PRECISION', integer: 'BIGINT', options: '' };

const rewritten = new Map<string, string>();

/** Question marks as `$1`, `$2`, …; no statement of ours has one in a literal. */
export function postgresStatement(sql: string): string {
  let text = rewritten.get(sql);
  if (text === undefined) {
    let count = 0;
    text = sql.replaceAll('?', () => `$${++count}`);
    rewritten.set(sql, text);
  }
  return text;
}

/**
 * Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html: 08 connection, 57P operator
 * intervention, 53 resources (too many connections), 40 serialization and deadlock, 55P03 lock not available.
 */
const PASSING = /^(08|57P|53300|40|55P03)/;

/** Of the operating system, as Node names them. */
const PASSING_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/** True when the same statement may succeed a moment later. */
export function isPassingFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if ('severity' in error) return PASSING.test(code);
  if (PASSING_SYSTEM.has(code)) return true;
  // pg's own errors have no code: https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js
  return /^(Connection terminated|Client was closed|Client has encountered|timeout expired|Query read timeout)/.test(
    error.message,
  );
}

/** @file What SQLite's error codes say, https://www.sqlite.org/rescode.html. */

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** True when the file is not what SQLite wrote. */
export function isSqliteDamage(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return false;
  const primary = thrown.errcode & 0xff;
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
}

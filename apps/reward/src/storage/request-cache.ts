/**
 * @file The request log as a SQLite file: what was paid for survives the process that paid.
 *
 * Write-ahead logging with `synchronous=FULL`: a score that was bought and then lost to a power cut would be bought again.
 * One commit per response, since responses of a paid annotator come seconds apart; what is lost when the process is killed
 * is at most the response whose answer was on its way.
 *
 * Several processes on one machine may share the file.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { messageOf, RequestInvalidError } from '#core';
import type { BegunRequest, RequestEntry, RequestLog } from '../domain/request-log.js';
import type { Score } from '../domain/reward-backend.js';
import { RequestCacheUnusableError } from '../domain/reward.errors.js';

export interface RequestCacheOptions {
  /** Oldest requests beyond this many are forgotten. @default 100,000 */
  readonly requestsMax?: number;
  /** Told of a score that was bought and could not be made durable. */
  readonly onLost?: (error: unknown) => void;
}

const SCHEMA_VERSION = 1;
/** A restarted trainer repeats what it had in flight, some tens of requests; the rest is room for many trainers. */
const REQUESTS_MAX = 100_000;
/** Another process of this machine commits in milliseconds. */
const BUSY_MS_MAX = 10_000;

const TABLES = `
CREATE TABLE requests (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  content_digest TEXT NOT NULL
) STRICT;
CREATE TABLE scores (
  request INTEGER NOT NULL REFERENCES requests (number) ON DELETE CASCADE,
  key TEXT NOT NULL,
  weights_digest TEXT NOT NULL,
  score REAL NOT NULL,
  components TEXT NOT NULL,
  PRIMARY KEY (request, key, weights_digest)
) STRICT, WITHOUT ROWID;
`;

const SQL = {
  begin: 'INSERT INTO requests (id, content_digest) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
  find: 'SELECT number, content_digest FROM requests WHERE id = ?',
  scores: 'SELECT key, score, components FROM scores WHERE request = ? AND weights_digest = ?',
  record: 'INSERT INTO scores VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  forget: 'DELETE FROM requests WHERE number <= (SELECT max(number) FROM requests) - ?',
} as const;

export class RequestCache implements RequestLog {
  private readonly statements: { readonly [Name in keyof typeof SQL]: StatementSync };
  private readonly requestsMax: number;

  private constructor(
    private readonly path: string,
    private readonly database: DatabaseSync,
    private readonly options: RequestCacheOptions,
  ) {
    this.requestsMax = options.requestsMax ?? REQUESTS_MAX;
    const names = Object.keys(SQL) as (keyof typeof SQL)[];
    this.statements = Object.fromEntries(
      names.map((name) => [name, database.prepare(SQL[name])]),
    ) as typeof this.statements;
  }

  /** Opens or creates the file, and its folder. @throws RequestCacheUnusableError (`REQUEST_CACHE_UNUSABLE`) */
  static open(path: string, options: RequestCacheOptions = {}): RequestCache {
    let database: DatabaseSync | undefined;
    try {
      mkdirSync(dirname(path), { recursive: true });
      database = new DatabaseSync(path, { timeout: BUSY_MS_MAX, enableForeignKeyConstraints: true });
      prepare(database);
      return new RequestCache(path, database, options);
    } catch (thrown) {
      if (database?.isOpen) database.close();
      throw new RequestCacheUnusableError(path, messageOf(thrown), thrown);
    }
  }

  begin({ requestId, contentDigest, weightsDigest }: BegunRequest): RequestEntry {
    const { begin, find, scores, forget } = this.statements;
    const bought = new Map<string, Score>();
    let number = 0;
    let content: unknown;
    try {
      if (Number(begin.run(requestId, contentDigest).changes) > 0) forget.run(this.requestsMax);
      const request = find.get(requestId);
      number = Number(request?.['number']);
      content = request?.['content_digest'];
      for (const { key, score, components } of scores.all(number, weightsDigest)) {
        bought.set(String(key), {
          score: Number(score),
          components: JSON.parse(String(components)) as Score['components'],
        });
      }
    } catch (thrown) {
      throw new RequestCacheUnusableError(this.path, messageOf(thrown), thrown);
    }
    if (content !== contentDigest) {
      throw RequestInvalidError.of('request_id', 'the content it came with before, or a new id', 'other content');
    }
    return { bought, record: (key, score) => this.record({ number, weightsDigest }, key, score) };
  }

  private record(
    { number, weightsDigest }: { readonly number: number; readonly weightsDigest: string },
    key: string,
    { score, components }: Score,
  ): void {
    try {
      this.statements.record.run(number, key, weightsDigest, score, JSON.stringify(components));
    } catch (thrown) {
      this.options.onLost?.(new RequestCacheUnusableError(this.path, messageOf(thrown), thrown));
    }
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}

function prepare(database: DatabaseSync): void {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const versionOf = () => Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (versionOf() === 0) {
    database.exec('BEGIN IMMEDIATE');
    // Another process may have been first.
    if (versionOf() === 0) database.exec(`${TABLES}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    database.exec('COMMIT');
  }
  const found = versionOf();
  if (found !== SCHEMA_VERSION) throw new TypeError(`expected its format ${SCHEMA_VERSION}, got ${found}`);
  const said = String(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']);
  if (said !== 'ok') throw new TypeError(`it is damaged: ${said}`);
}

/**
 * @file What journal and ledger need of a database: parameterised statements, and several of them as one durable whole.
 * Reads between the statements of a transaction are left out on purpose: what becomes durable together is one value.
 */

export type SqlValue = string | number | null | Uint8Array;

export type SqlRow = Readonly<Record<string, unknown>>;

export interface Statement {
  /** Parameters are question marks. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export interface SqlDatabase {
  all(sql: string, ...values: SqlValue[]): Promise<SqlRow[]>;

  /** Runs them in order: all of it is durable when this resolves, or none of it happened. @throws DiskFullError */
  batch(statements: readonly Statement[]): Promise<void>;

  /** Calling it again is harmless. */
  close(): Promise<void>;
}

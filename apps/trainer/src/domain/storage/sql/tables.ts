/** @file Tables of journal and ledger, in the two dialects. */

/** Raised with every change of the tables; what an earlier version wrote is refused by name. */
export const JOURNAL_VERSION = 2;
export const LEDGER_VERSION = 1;

/** The types by which the dialects differ. */
export interface Dialect {
  readonly bytes: string;
  readonly real: string;
  readonly integer: string;
  /** After each table. */
  readonly options: string;
}

export function journalTables({ bytes, real, integer, options }: Dialect): string[] {
  return [
    // Facts of the run by name: id, digests of its inputs, state.
    `CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)${options}`,
    // One row per finished unit of work; result and digest are null once the step that needed it was committed.
    `CREATE TABLE units (
       iteration ${integer} NOT NULL, phase TEXT NOT NULL, unit ${integer} NOT NULL,
       request_digest TEXT NOT NULL, result ${bytes}, digest TEXT, elapsed_ms ${real} NOT NULL,
       PRIMARY KEY (iteration, phase, unit))${options}`,
    // One row per optimizer step: what it saw, and where the state after it lies.
    `CREATE TABLE steps (
       iteration ${integer} NOT NULL, phase TEXT NOT NULL, step ${integer} NOT NULL,
       adapter_digest TEXT NOT NULL, adapter_artifact TEXT, moments_artifact TEXT,
       learning_rate ${real} NOT NULL, gradient_norm ${real} NOT NULL, loss ${real} NOT NULL,
       statistics TEXT NOT NULL, digest TEXT NOT NULL,
       PRIMARY KEY (iteration, phase, step))${options}`,
    // One row per state of the meta-learner, from its creation on.
    `CREATE TABLE meta_updates (
       version ${integer} PRIMARY KEY, iteration ${integer} NOT NULL, state TEXT NOT NULL,
       loss ${real}, gradient_norm ${real}, digest TEXT NOT NULL)${options}`,
    // Wall time per phase, over all processes that worked on it.
    `CREATE TABLE phases (
       iteration ${integer} NOT NULL, phase TEXT NOT NULL, wall_ms ${real} NOT NULL,
       PRIMARY KEY (iteration, phase))${options}`,
    // Counts that only grow, by name.
    `CREATE TABLE counters (name TEXT PRIMARY KEY, value ${integer} NOT NULL)${options}`,
  ];
}

export function ledgerTables({ real, integer, options }: Dialect): string[] {
  return [
    // Every score that was paid for, by what it depends on.
    `CREATE TABLE ledger (
       weights_digest TEXT NOT NULL, prompt_digest TEXT NOT NULL, response_digest TEXT NOT NULL,
       score ${real} NOT NULL, components TEXT NOT NULL, provenance TEXT NOT NULL, purpose TEXT NOT NULL,
       digest TEXT NOT NULL,
       PRIMARY KEY (weights_digest, prompt_digest, response_digest))${options}`,
    // Who asks for a score, or has bought it: then expires_ms is null.
    `CREATE TABLE claims (
       weights_digest TEXT NOT NULL, prompt_digest TEXT NOT NULL, response_digest TEXT NOT NULL,
       run_id TEXT NOT NULL, attempt ${integer} NOT NULL, unit TEXT NOT NULL, expires_ms ${real},
       PRIMARY KEY (weights_digest, prompt_digest, response_digest))${options}`,
    // What is given up when a unit fails.
    'CREATE INDEX claims_by_unit ON claims (run_id, unit)',
  ];
}

/** @file What the fuzzing thread is given and gives back. */

export interface WorkerInput {
  readonly format: string;
  readonly seed: number;
  /** Mutants first … last − 1. */
  readonly first: number;
  readonly last: number;
  /** Two 32-bit integers: number of the mutant being read, and how many were begun. */
  readonly current: SharedArrayBuffer;
}

export interface FuzzFinding {
  readonly format: string;
  readonly index: number;
  readonly problem: string;
}

export interface WorkerReport {
  accepted: number;
  /** Code of the error → how many. */
  readonly refused: Record<string, number>;
  readonly findings: FuzzFinding[];
}

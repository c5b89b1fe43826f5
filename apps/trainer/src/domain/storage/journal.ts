/**
 * @file The journal of a run, as the run sees it: which units of work are done, with their results; which optimizer steps
 * were taken; which states the meta-learner had. A restart replays it and asks only for what is missing.
 *
 * Whatever belongs together is one `JournalCommit`: all of it is durable when the promise resolves, or none of it happened.
 */
import type { Digest } from '#core';
import type { JournalTotals } from './journal-totals.js';

/** Names a unit within its run. */
export interface UnitKey {
  readonly iteration: number;
  readonly phase: string;
  /** From 0, in the fixed order of the phase. */
  readonly unit: number;
}

/** A finished unit of work. */
export interface UnitEntry {
  readonly key: UnitKey;
  readonly requestDigest: Digest;
  readonly result: Uint8Array;
  readonly elapsedMs: number;
}

/** A unit whose result is of no more use: the step it led to holds what it was for. */
export type SpentUnit = Omit<UnitEntry, 'result'>;

/** One optimizer step as it was committed. */
export interface StepRecord {
  readonly iteration: number;
  readonly phase: string;
  /** From 0 within the phase. */
  readonly step: number;
  readonly adapterDigest: Digest;
  /** Null for a step between two checkpoints. */
  readonly adapterArtifact: Digest | null;
  /** Null as well once a later checkpoint, or the end of the phase, has made them useless. */
  readonly momentsArtifact: Digest | null;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Mean over the batch. */
  readonly loss: number;
  /** What the loss saw, row by row, as JSON. */
  readonly statistics: string;
}

export interface MetaUpdateRecord {
  readonly version: number;
  readonly iteration: number;
  /** Complete state, as JSON. */
  readonly state: string;
  /** Null for a state that no update made. */
  readonly loss: number | null;
  readonly gradientNorm: number | null;
}

export interface PhaseKey {
  readonly iteration: number;
  readonly phase: string;
}

/** What becomes durable together. */
export interface JournalCommit {
  readonly units?: readonly UnitEntry[];
  /** Their results are dropped. */
  readonly spentUnits?: readonly SpentUnit[];
  /** A step with moments puts the moments of its phase's earlier steps out of use. */
  readonly step?: StepRecord;
  readonly metaState?: MetaUpdateRecord;
  /** Added to the counters of these names. */
  readonly counters?: Readonly<Record<string, number>>;
  /** Replace the facts of these names. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Added to the phase's time. */
  readonly wallTime?: PhaseKey & { readonly wallMs: number };
  /** Forgets the units of a phase that failed as a whole, so that the next start asks again. */
  readonly forgottenUnits?: PhaseKey;
  /** The optimizer's moments are of no more use once its phase has ended. */
  readonly spentMoments?: PhaseKey;
}

export interface UnitLatency {
  readonly phase: string;
  readonly elapsedMs: number;
}

export interface Journal {
  /** Sums as of the last commit, without asking the storage. */
  readonly totals: JournalTotals;

  /** Makes all of it durable, or nothing. @throws DiskFullError */
  commit(commit: JournalCommit): Promise<void>;

  /** The result of a unit, checked against its digest. @throws JournalMismatchError when it is there for another request; JournalDamagedError */
  result(key: UnitKey, requestDigest: Digest): Promise<Uint8Array | undefined>;

  unitCount(iteration: number, phase: string): Promise<number>;

  /** Units of all phases whose names begin with a text. */
  unitCountBelow(phasePrefix: string): Promise<number>;

  latencies(): Promise<UnitLatency[]>;

  /** Steps of a phase in order. @throws JournalDamagedError */
  steps(iteration: number, phase: string): Promise<StepRecord[]>;

  /** Where the tensors of an adapter that a step made lie. */
  adapterArtifact(adapter: Digest): Promise<Digest | undefined>;

  /** Artifacts that a later step, reference or report may need: the last adapter of each phase, and the last moments. */
  artifactsInUse(): Promise<Set<Digest>>;

  /** States of the meta-learner in order, from its creation on. @throws JournalDamagedError */
  metaStates(): Promise<MetaUpdateRecord[]>;

  /** Wall time by phase, summed over iterations. */
  wallTimes(): Promise<Map<string, number>>;

  fact(name: string): Promise<string | undefined>;
}

export function unitName({ iteration, phase, unit }: UnitKey): string {
  return `${iteration}/${phase}/${unit}`;
}

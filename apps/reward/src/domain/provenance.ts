/** @file Says which model gave a score; stored beside every score that is paid for. */
import type { BackendDescription } from './reward-backend.js';

/** Digests are empty where the backend has no such thing. */
export interface Provenance {
  readonly rewardModel: string;
  /** Counts what stood behind the name, from 1; 0 of a staged model. */
  readonly epoch: number;
  readonly weightsDigest: string;
  readonly tokenizerDigest: string;
  readonly templateDigest: string;
  readonly backend: string;
  readonly executionProvider: string;
  readonly dtype: string;
  readonly serviceVersion: string;
  /** What is done beyond the model's window: `refuse`, `left`, `right`; empty where there is none. */
  readonly truncation: string;
}

export function provenanceOf(
  { rewardModel, epoch, serviceVersion }: { rewardModel: string; epoch: number; serviceVersion: string },
  description: BackendDescription,
): Provenance {
  return {
    rewardModel,
    epoch,
    weightsDigest: description.weightsDigest,
    tokenizerDigest: description.tokenizerDigest ?? '',
    templateDigest: description.templateDigest ?? '',
    backend: description.kind,
    executionProvider: description.executionProvider,
    dtype: description.dtype,
    serviceVersion,
    truncation: description.truncation ?? '',
  };
}

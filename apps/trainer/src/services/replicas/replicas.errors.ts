/** @file Why a replica may not work with its neighbours. */
import { AppError } from '#core';
import type { Service } from '../../domain/ports/ports.errors.js';

export interface Mismatch {
  readonly service: Service;
  /** `host:port`. */
  readonly replica: string;
  /** What differs, for instance `base_digest`. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  /** The replica, or whoever else, that has what is expected. */
  readonly as: string;
}

/** Thrown for a replica that is not what its neighbours are: its results would be of another model. */
export class ReplicaMismatchError extends AppError {
  readonly code = 'REPLICA_MISMATCH';
  readonly status = 'FAILED_PRECONDITION';

  constructor({ service, replica, what, expected, got, as }: Mismatch) {
    super(
      `The ${service} replica at ${replica} does not fit: expected ${what} ${expected}, as ${as} has, got ${got}. ` +
        'Serve the same model everywhere, or leave this replica out',
      { facts: { service, replica, what, expected, got, as } },
    );
  }
}

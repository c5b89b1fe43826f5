/** @file What can go wrong around runs as resources. */
import { AppError } from '#core';

/** Thrown when no run of that id is known here. Maps to NOT_FOUND. */
export class RunUnknownError extends AppError {
  readonly code = 'RUN_UNKNOWN';
  readonly status = 'NOT_FOUND';

  constructor(runId: string) {
    super(`No run ${JSON.stringify(runId)} is known to this trainer. Start it from its directory, or list the runs`, {
      facts: { runId },
    });
  }
}

/** Thrown when this trainer works on as many runs as it may. Maps to RESOURCE_EXHAUSTED. */
export class RunsFullError extends AppError {
  readonly code = 'RUNS_FULL';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(runsMax: number) {
    super(
      `This trainer works on ${runsMax} runs, the most that TRAINER_RUNS_MAX allows. Wait for one to end, or raise it`,
      { facts: { runsMax } },
    );
  }
}

/** Thrown when a page token was not made by this listing. Maps to INVALID_ARGUMENT. */
export class PageTokenInvalidError extends AppError {
  readonly code = 'PAGE_TOKEN_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(pageToken: string) {
    super(`Expected a page token from an earlier response, or none, got ${JSON.stringify(pageToken)}`, {
      facts: { pageToken },
    });
  }
}

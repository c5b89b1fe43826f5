/** @file Why a model of the Hub cannot be had. Each message ends with what to do. */
import { AppError } from '#core';

/** Thrown when the Hub knows no such model, revision or file. Maps to NOT_FOUND. */
export class HubModelUnknownError extends AppError {
  readonly code = 'HUB_MODEL_UNKNOWN';
  readonly status = 'NOT_FOUND';

  constructor(model: string, endpoint: string, what: string, cause?: unknown) {
    super(`${model}: ${endpoint} knows no such ${what}, nor is it a path here: check the name`, {
      facts: { model, endpoint },
      cause,
    });
  }
}

/** Thrown when the Hub wants a token, or one with more rights. Maps to PERMISSION_DENIED. */
export class HubAccessDeniedError extends AppError {
  readonly code = 'HUB_ACCESS_DENIED';
  readonly status = 'PERMISSION_DENIED';

  constructor(model: string, problem: string, cause?: unknown) {
    super(`${model}: ${problem}`, { facts: { model }, cause });
  }
}

/** Thrown when the Hub does not answer, or only with errors of its own, and the cache lacks the model. Maps to UNAVAILABLE. */
export class HubUnreachableError extends AppError {
  readonly code = 'HUB_UNREACHABLE';
  readonly status = 'UNAVAILABLE';

  constructor(endpoint: string, problem: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(`${endpoint}: ${problem}: repeat later (what was fetched is kept), or give the path of a model folder`, {
      ...options,
      facts: { endpoint },
    });
  }
}

/** Thrown when the Hub may not be asked and the cache lacks files. Maps to FAILED_PRECONDITION. */
export class HubNotCachedError extends AppError {
  readonly code = 'HUB_NOT_CACHED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(model: string, cacheDir: string, missing: string) {
    super(`${model}: ${missing} not in ${cacheDir}, and HF_HUB_OFFLINE forbids to fetch: unset it once`, {
      facts: { model, cacheDir },
    });
  }
}

/** Thrown when a repository holds no model that can be opened here. Maps to FAILED_PRECONDITION. */
export class HubModelUnusableError extends AppError {
  readonly code = 'HUB_MODEL_UNUSABLE';
  readonly status = 'FAILED_PRECONDITION';

  constructor(model: string, problem: string) {
    super(`${model}: ${problem}`, { facts: { model } });
  }
}

/** Thrown when a file arrives otherwise than the Hub announced it, twice. Maps to DATA_LOSS. */
export class HubFileDamagedError extends AppError {
  readonly code = 'HUB_FILE_DAMAGED';
  readonly status = 'DATA_LOSS';

  constructor(url: string, expected: string, got: string) {
    super(
      `${url}: expected ${expected}, got ${got}: something between here and the Hub alters files; repeat elsewhere`,
      {
        facts: { url, expected, got },
      },
    );
  }
}

/** Thrown when the cache cannot be written. Maps to FAILED_PRECONDITION. */
export class HubCacheUnusableError extends AppError {
  readonly code = 'HUB_CACHE_UNUSABLE';
  readonly status = 'FAILED_PRECONDITION';

  constructor(cacheDir: string, problem: string, cause: unknown) {
    super(`${cacheDir}: ${problem}: make room or rights there, or set HF_HUB_CACHE`, { facts: { cacheDir }, cause });
  }
}

/** @file The one error of reading a configuration: it tells everything that is wrong at once. */
import { AppError } from '#core';

/** One thing that is wrong. */
export interface ConfigProblem {
  /** Dotted path of the key, as `--set` takes it; empty for the whole file. */
  readonly path: string;
  /** What stands there, as JSON, shortened; `nothing` when the key is missing. */
  readonly value: string;
  /** What should stand there. */
  readonly rule: string;
}

/** Thrown when a configuration cannot be used. Maps to INVALID_ARGUMENT. */
export class ConfigInvalidError extends AppError {
  readonly code = 'CONFIG_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(readonly problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ path, value, rule }) => `  ${path || '(file)'}: expected ${rule}, got ${value}`);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`Configuration has ${count}:\n${lines.join('\n')}`, { facts: { problemCount: problems.length } });
  }
}

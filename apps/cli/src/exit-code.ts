/** @file From the end of a command to the exit code of the process: 0, 1 failed, 2 usage, 3 could not be checked, 130 interrupted. */
import { CommanderError } from 'commander';
import { AppError } from '#core';
import { InterruptedError, RunUncheckedError, UsageError } from './cli.errors.js';

export const EXIT = { ok: 0, failed: 1, usage: 2, unchecked: 3, interrupted: 130 } as const;

/** Reasons that mean: correct what you gave. */
const USAGE_CODES: ReadonlySet<string> = new Set(['CONFIG_INVALID', 'DATA_INVALID', 'ENVIRONMENT_INVALID']);

export interface Ending {
  readonly exitCode: number;
  /** What to tell on stderr; absent when it was told already. */
  readonly message?: string;
}

/** What a thrown value means for the process. */
export function endingOf(thrown: unknown): Ending {
  if (thrown instanceof CommanderError) return { exitCode: thrown.exitCode === 0 ? EXIT.ok : EXIT.usage };
  if (thrown instanceof InterruptedError) return { exitCode: EXIT.interrupted, message: thrown.message };
  if (thrown instanceof UsageError) return { exitCode: EXIT.usage, message: `error: ${thrown.message}` };
  if (thrown instanceof AppError)
    return { exitCode: exitCodeOf(thrown), message: `error: ${thrown.code}: ${thrown.message}` };
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { exitCode: EXIT.failed, message: `error: a defect of metaapo, please report it:\n${text}` };
}

function exitCodeOf(error: AppError): number {
  if (error instanceof RunUncheckedError) return EXIT.unchecked;
  return USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failed;
}

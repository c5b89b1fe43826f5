/** @file The error of a configuration that cannot be used. */
import { AppError } from '#core';

/** One variable that is wrong. */
export interface ConfigProblem {
  readonly variable: string;
  /** What came; `undefined` when the variable is absent. */
  readonly value: string | undefined;
  /** What is allowed. */
  readonly rule: string;
  readonly example: string;
  /** Where inside the value, and why, when the rule alone does not tell. */
  readonly detail: string | undefined;
}

/** Thrown by `loadConfig` with every problem at once. A service prints it and exits with code 2. */
export class EnvironmentInvalidError extends AppError {
  readonly code = 'ENVIRONMENT_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      [
        `${problems.length} environment variable${problems.length === 1 ? ' is' : 's are'} wrong; correct and start again:`,
        ...problems.map(problemLine),
      ].join('\n'),
      { facts: { variables: problems.map((problem) => problem.variable).join(',') } },
    );
  }
}

function problemLine({ variable, value, rule, example, detail }: ConfigProblem): string {
  const got = value === undefined ? 'absent' : `got ${JSON.stringify(value)}`;
  const why = detail === undefined ? '' : ` (${detail})`;
  return `  ${variable}: ${got}${why}; expected ${rule}; example: ${variable}=${example}`;
}

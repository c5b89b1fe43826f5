/**
 * @file Reads a service's configuration from the environment: the only reader of `process.env`.
 *
 * All problems are found before any is reported, so that a person corrects them in one go.
 */
import { checkShape, type ShapeProblem } from '#core';
import { EnvironmentInvalidError, type ConfigProblem } from './config.errors.js';
import type { Variable } from './variable.js';

/** Field name → variable. */
export type ConfigShape = Readonly<Record<string, Variable<unknown>>>;

/** Field name → value. */
export type ConfigOf<S extends ConfigShape> = {
  readonly [Field in keyof S]: S[Field] extends Variable<infer T> ? T : never;
};

/** Where variables come from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every variable of the shape. An empty text counts as absent, as shells and manifests mean it.
 *
 * @throws EnvironmentInvalidError (`ENVIRONMENT_INVALID`) with all problems.
 */
export function loadConfig<S extends ConfigShape>(shape: S, env: Environment = process.env): ConfigOf<S> {
  const problems: ConfigProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [field, variable] of Object.entries(shape)) {
    const given = env[variable.name] === '' ? undefined : env[variable.name];
    const text = given ?? variable.default;
    if (text === undefined) {
      if (variable.required) problems.push(problemOf(variable, undefined, undefined));
      continue;
    }
    const checked = checkShape(variable.schema, text);
    if (checked.problems.length === 0) values[field] = checked.data;
    else problems.push(problemOf(variable, text, detailOf(checked.problems)));
  }
  if (problems.length > 0) throw new EnvironmentInvalidError(problems);
  return values as ConfigOf<S>;
}

function problemOf(variable: Variable<unknown>, value: string | undefined, detail: string | undefined): ConfigProblem {
  return { variable: variable.name, value, rule: variable.rule, example: variable.example, detail };
}

/** Zod's own words where they say more than the rule: a place inside the value, or a custom reason. */
function detailOf(problems: readonly ShapeProblem[]): string | undefined {
  const parts = problems
    .filter((problem) => problem.path.length > 0 || problem.code === 'custom')
    .filter((problem) => problem.message !== 'Invalid input' || problem.path.length > 0)
    .map((problem) => (problem.path.length > 0 ? `at ${problem.path.join('.')}: ${problem.message}` : problem.message));
  return parts.length > 0 ? parts.join('; ') : undefined;
}

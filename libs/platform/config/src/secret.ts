/** @file A secret that a setting names by its variable, so that the setting itself can be stored and shown. */

/** The variable's text, or undefined where it is not set. */
export function environmentSecret(variable: string): string | undefined {
  return process.env[variable];
}

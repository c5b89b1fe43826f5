/** @file A command line that a person can paste. */

/** Words as one line; what a shell would read otherwise is quoted. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

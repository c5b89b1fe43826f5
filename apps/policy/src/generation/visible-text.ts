/** @file The text of a sample that a stop text ended. */

/** The text before the first stop text in it; a token may reach beyond where the stop text began. */
export function visibleText(text: string, stop: readonly string[]): string {
  const ends = stop.map((ending) => text.indexOf(ending)).filter((index) => index >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

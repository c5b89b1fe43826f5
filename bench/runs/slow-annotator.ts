/**
 * @file A reward model that takes its time: the source of a module that scores one text after the other, so many milliseconds
 * each. It sleeps in larger pieces than that, since timers are coarse, and never loses any of it while it is asked.
 */

/** Shortest sleep, in milliseconds; what a text lacks to it is slept with a later one. */
const SLEEP_MS = 25;

export function slowAnnotatorSource(textMs: number): string {
  return `
import { setTimeout as sleep } from 'node:timers/promises';
let freeMs = 0;
export async function score({ response }) {
  freeMs = Math.max(freeMs, performance.now() - ${SLEEP_MS}) + ${textMs};
  const waitMs = freeMs - performance.now();
  if (waitMs > ${SLEEP_MS}) await sleep(waitMs);
  return new Set(response.toLowerCase().match(/[a-z']+/g) ?? []).size;
}
`;
}

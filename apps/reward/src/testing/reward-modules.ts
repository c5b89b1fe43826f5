/** @file For tests: reward modules written to a folder of their own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

/** A module with one behaviour per response text; every other text is worth its length. */
export const MOODY_MODULE = `
  export async function score({ prompt, response, truncated }, { signal }) {
    switch (response) {
      case 'throw': throw new TypeError('no reward today');
      case 'hang': return new Promise(() => {});
      case 'block': for (;;);
      case 'exit': process.exit(3);
      case 'hang until aborted':
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      case 'nan': return NaN;
      case 'infinite part': return { score: 1, components: { part: Infinity } };
      case 'text': return 'a text';
      case 'prompt': return { score: prompt.messages.length, components: { chars: prompt.text.length, cut: Number(truncated) } };
      default: return response.length;
    }
  }`;

/** Writes a module into a folder that goes away after the tests; returns its absolute path. */
export function moduleFile(source: string): string {
  const path = join(temporaryFolder('module'), 'reward.mjs');
  writeFileSync(path, source);
  return path;
}

/**
 * @file What scoring threads print, on the service's stderr: its stdout carries one line for machines and nothing else. A
 * pipe for each thread would hang its own listeners on the one stream, of which Node warns from eleven threads on.
 */
import type { Readable } from 'node:stream';

/** Outputs that wait until stderr takes more. */
const paused = new Set<Readable>();

function resumeAll(): void {
  for (const output of paused) output.resume();
  paused.clear();
}

/** Passes on what a thread prints, as fast as stderr takes it. */
export function toStderr(output: Readable): void {
  output.on('data', (chunk: Uint8Array) => {
    if (process.stderr.write(chunk)) return;
    if (paused.size === 0) process.stderr.once('drain', resumeAll);
    paused.add(output.pause());
  });
}

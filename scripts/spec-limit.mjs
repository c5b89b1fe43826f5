/**
 * @file Preloaded into every spec file: what `node --test` lacks is a limit for a file, so a loop without end, or a handle
 * that nobody closes, would hold the run up for ever. Here the file's process is killed and named, and the run fails.
 *
 *   node --test --import './scripts/spec-limit.mjs?ms=600000' FILES
 *
 * Children that a file leaves behind are killed too: one that holds the file's output open would hold the run up as well.
 */
import { readFileSync, readdirSync, writeSync } from 'node:fs';
import { Worker, isMainThread, workerData } from 'node:worker_threads';

const LIMIT_MS = Number(new URL(import.meta.url).searchParams.get('ms') ?? 600_000);
const STDERR = 2;
const HEAP_MB_MAX = 16;

// The runner itself is preloaded into as well, and so are the threads of a spec.
if (isMainThread && process.env.NODE_TEST_CONTEXT !== undefined) {
  const file = process.argv[1] ?? 'a spec file';
  new Worker(new URL(import.meta.url), {
    workerData: { watchedSpec: file, limitMs: LIMIT_MS },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  }).unref();
  process.once('exit', killChildren);
}

// A thread of its own sees a main thread that loops, too.
if (!isMainThread && typeof workerData?.watchedSpec === 'string') {
  const { watchedSpec, limitMs } = workerData;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, limitMs);
  writeSync(STDERR, `metaapo: ${watchedSpec} was not over after ${limitMs / 1000} s and is killed\n`);
  killChildren();
  process.kill(process.pid, 'SIGKILL');
}

/** Those that Linux lists; other systems let them be. */
function killChildren() {
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const children = readFileSync(`/proc/self/task/${thread}/children`, 'utf8');
      for (const child of children.split(' ').filter(Boolean)) process.kill(Number(child), 'SIGKILL');
    }
  } catch {
    // Gone meanwhile, or no such list.
  }
}

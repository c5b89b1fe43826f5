/** @file Runs mutants of all formats, each format in threads that are watched: for death, silence, and memory. */
import { Worker } from 'node:worker_threads';
import { FORMATS } from './formats.js';
import type { FuzzFinding, WorkerInput, WorkerReport } from './fuzz-protocol.js';

export interface FuzzOptions {
  /** Over all formats. */
  readonly mutants: number;
  readonly seed: number;
  /** Only this format. */
  readonly only?: string | undefined;
  /** Only this mutant of it. */
  readonly index?: number | undefined;
}

export interface FuzzResult {
  readonly format: string;
  readonly mutants: number;
  readonly accepted: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly findings: readonly FuzzFinding[];
}

/** Longest time for one mutant; hundreds of times what the slowest takes on an idle machine. */
const MUTANT_MS_MAX = 20_000;
const WATCH_MS = 250;
/** Heap of the thread; the tiny files need a few megabytes. */
const HEAP_MB_MAX = 512;
/** After so many deaths of one format there is nothing to learn from more. */
const DEATHS_MAX = 5;

export async function fuzzFormats({ mutants, seed, only, index }: FuzzOptions): Promise<FuzzResult[]> {
  const formats = FORMATS.filter(({ name }) => only === undefined || name === only);
  const shares = formats.reduce((sum, { share }) => sum + share, 0);
  const results: FuzzResult[] = [];
  for (const { name, share } of formats) {
    const last = index === undefined ? Math.ceil((mutants * share) / shares) : index + 1;
    results.push(await fuzzFormat(name, seed, index ?? 0, last));
  }
  return results;
}

async function fuzzFormat(format: string, seed: number, first: number, last: number): Promise<FuzzResult> {
  const sum: WorkerReport = { accepted: 0, refused: {}, findings: [] };
  let deaths = 0;
  for (let next = first; next < last && deaths < DEATHS_MAX;) {
    const outcome = await runThread({ format, seed, first: next, last, current: new SharedArrayBuffer(8) });
    if ('died' in outcome) {
      deaths++;
      sum.findings.push({ format, index: outcome.died, problem: outcome.problem });
      // What the thread had counted is lost with it; the mutants before are run again, to be counted.
      if (outcome.died > next)
        add(sum, await runThread({ format, seed, first: next, last: outcome.died, current: new SharedArrayBuffer(8) }));
      next = outcome.died + 1;
    } else {
      add(sum, outcome);
      next = last;
    }
  }
  return { format, mutants: last - first, ...sum };
}

type Outcome = WorkerReport | { readonly died: number; readonly problem: string };

function add(sum: WorkerReport, outcome: Outcome): void {
  if ('died' in outcome) return;
  sum.accepted += outcome.accepted;
  for (const [code, count] of Object.entries(outcome.refused)) sum.refused[code] = (sum.refused[code] ?? 0) + count;
  sum.findings.push(...outcome.findings);
}

async function runThread(input: WorkerInput): Promise<Outcome> {
  const progress = new Int32Array(input.current);
  progress[0] = input.first;
  const worker = new Worker(new URL('./fuzz-worker.js', import.meta.url), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  return new Promise((resolve) => {
    let begun = 0;
    let stillMs = 0;
    const died = (problem: string) => {
      clearInterval(watch);
      resolve({ died: Atomics.load(progress, 0), problem });
    };
    const watch = setInterval(() => {
      const now = Atomics.load(progress, 1);
      stillMs = now === begun ? stillMs + WATCH_MS : 0;
      begun = now;
      if (stillMs < MUTANT_MS_MAX) return;
      died(`does not come to an end in ${MUTANT_MS_MAX} ms`);
      void worker.terminate();
    }, WATCH_MS);
    worker.once('message', (report: WorkerReport) => {
      clearInterval(watch);
      resolve(report);
    });
    worker.once('error', (error) => died(`kills the thread: ${error instanceof Error ? error.stack : String(error)}`));
    worker.once('exit', (code) => died(`ends the thread with code ${code}`));
  });
}

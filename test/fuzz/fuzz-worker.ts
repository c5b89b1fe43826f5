/**
 * @file Reads mutants one after the other in a thread of its own, which may hang or die: the other side watches the
 * number of the mutant that is being read, and goes on behind it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { rmSync } from 'node:fs';
import { AppError, Rng, present } from '#core';
import { FORMATS, type Format } from './formats.js';
import type { FuzzFinding, WorkerInput, WorkerReport } from './fuzz-protocol.js';
import { writeTinyModel, type TinyModel } from './tiny-model.js';

/** What reading one tiny mutant may take beyond what was there before. */
const ALLOCATED_BYTES_MAX = 256 << 20;

const { format: formatName, seed, first, last, current } = workerData as WorkerInput;
const progress = new Int32Array(current);
const format = present(
  FORMATS.find(({ name }) => name === formatName),
  `format ${formatName}`,
);
const port = present(parentPort, 'the port of the thread');

const model = await writeTinyModel();
try {
  const report: WorkerReport = { accepted: 0, refused: {}, findings: [] };
  for (let index = first; index < last; index++) {
    Atomics.store(progress, 0, index);
    Atomics.add(progress, 1, 1);
    await tryMutant(format, model, index, report);
  }
  port.postMessage(report);
} finally {
  rmSync(model.root, { recursive: true, force: true });
}

async function tryMutant(of: Format, base: TinyModel, index: number, report: WorkerReport): Promise<void> {
  const mutant = of.mutate(base, new Rng('fuzz', seed, of.name, index));
  const before = process.memoryUsage();
  let finding: FuzzFinding | undefined;
  try {
    await of.read(base, mutant);
    report.accepted++;
  } catch (thrown) {
    if (thrown instanceof AppError) report.refused[thrown.code] = (report.refused[thrown.code] ?? 0) + 1;
    else finding = { format: of.name, index, problem: problemOf(thrown) };
  }
  const after = process.memoryUsage();
  const allocated = Math.max(after.arrayBuffers - before.arrayBuffers, after.rss - before.rss);
  if (allocated > ALLOCATED_BYTES_MAX) finding ??= { format: of.name, index, problem: `took ${allocated} bytes` };
  if (finding) report.findings.push(finding);
}

function problemOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message).slice(0, 1500) : String(thrown);
}

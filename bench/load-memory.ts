/**
 * @file Loading a checkpoint: seconds, and the most memory that the process ever had, as a multiple of the float32 weights.
 *
 * Each form of the same weights is opened by a process of its own, since the system keeps the highest mark for as long as
 * a process lives. The process's own memory, without any model, counts.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openCheckpoint } from '#ml/checkpoint';
import { mergedModel, writeModelFolder } from '#ml/export';
import type { Surroundings } from './benchmark.js';
import type { LoadFigures } from './load-memory-child.js';
import type { Measurement } from './measurement.js';
import type { Setting } from './setting.js';

const JOB = 'load-memory';
const RATIO_MAX = 1.3;
/** Half of what a policy process may take until it is ready. */
const SECONDS_MAX = 2.5;
const CHILD = fileURLToPath(new URL('./load-memory-child.js', import.meta.url));

export async function loadMemory({ modelPath }: Setting, { folder }: Surroundings): Promise<Measurement[]> {
  const forms: [string, string][] = [['as given', modelPath]];
  const model = mergedModel(await openCheckpoint(modelPath));
  for (const dtype of ['f32', 'f16', 'bf16'] as const) {
    const to = join(folder, dtype);
    await writeModelFolder(to, model, { dtype });
    forms.push([dtype, to]);
  }
  const measurements: Measurement[] = [];
  for (const [form, path] of forms) {
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD, path]);
    const { weightBytes, peakBytes, seconds } = JSON.parse(stdout) as LoadFigures;
    const note = `${(peakBytes / 1e6).toFixed(0)} MB for ${(weightBytes / 1e6).toFixed(0)} MB of float32 weights`;
    measurements.push(
      {
        job: JOB,
        name: `${form}: peak memory over float32 weights`,
        value: peakBytes / weightBytes,
        unit: '×',
        goal: { relation: 'at most', bound: RATIO_MAX },
        note,
      },
      {
        job: JOB,
        name: `${form}: opened, digest included`,
        value: seconds,
        unit: 's',
        goal: { relation: 'at most', bound: SECONDS_MAX },
      },
    );
  }
  return measurements;
}

/**
 * @file How much longer does an iteration take than its busiest stage alone? With an annotator of 300 ms per unit and two
 * policy replicas, over the deployed programs and the demo's model. The same in simulated time is a spec of the trainer.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot } from '#core';
import type { Benchmark } from './benchmark.js';
import type { Measurement } from './measurement.js';
import { recordedRun, type RecordedRun } from './runs/recorded-run.js';
import { slowAnnotatorSource } from './runs/slow-annotator.js';
import { totalMs } from './runs/call-spans.js';

const JOB = 'overlap';
const RATIO_MAX = 1.15;
const REPLICAS = 2;
const ANNOTATE_UNIT_MS = 300;
const ANNOTATE_ITEMS = 2;
const SAMPLES = 8;
const TEXT_MS = ANNOTATE_UNIT_MS / (ANNOTATE_ITEMS * SAMPLES);
const ROWS = 192;

const configOf = (order: string): string => `
name: overlap
seed: 1
model: { path: model, lora: { rank: 16, alpha: 32 } }
data: { train: data/train.jsonl, max_rows: ${ROWS} }
reward: slow
algorithm: { iterations: 1, samples_per_prompt: ${SAMPLES}, warm_up: { epochs: 0 } }
optimizer: { batch_size: 8, learning_rate: 1.0e-4, order: ${order} }
sampling: { max_new_tokens: 32 }
units: { score_items: 16, generate_items: 8, annotate_items: ${ANNOTATE_ITEMS}, gradient_items: 8, concurrency: 2 }
`;

export const overlap: Benchmark = async (_setting, { folder, say }) => {
  const baseDirectory = join(installationRoot(), 'configs', 'demo');
  if (!existsSync(join(baseDirectory, 'data', 'train.jsonl'))) {
    say('overlap is left out: the demo has no data yet; `npm run demo` makes them');
    return [];
  }
  const path = join(folder, 'slow-annotator.mjs');
  writeFileSync(path, slowAnnotatorSource(TEXT_MS));
  const measurements: Measurement[] = [];
  for (const order of ['data', 'shuffled']) {
    say(`an iteration of ${ROWS} prompts, trained on in the order "${order}"`);
    const runDirectory = join(folder, `overlap-${order}`);
    const run = await recordedRun({
      modelPath: join(baseDirectory, 'model'),
      replicas: REPLICAS,
      rewardModels: { slow: { backend: 'module', path, threads: 1 } },
      configYaml: configOf(order),
      baseDirectory,
      runDirectory,
    });
    measurements.push(...measured(run, order, paidOf(runDirectory)));
  }
  return measurements;
};

function measured({ events, spans }: RecordedRun, order: string, paid: number): Measurement[] {
  const times = events.flatMap(({ timeMs, event }) => ('phase' in event ? [timeMs] : []));
  const wallMs = Math.max(...times) - Math.min(...times);
  const msOf = (...calls: readonly string[]) => totalMs(spans.filter(({ call }) => calls.includes(call)));
  const stages = [
    { stage: 'score', ms: msOf('score') / REPLICAS },
    { stage: 'generate', ms: msOf('generate') / REPLICAS },
    // Its steps follow one another.
    { stage: 'train', ms: msOf('gradient') },
    // These three share the replicas.
    { stage: 'policy', ms: msOf('score', 'generate', 'gradient') / REPLICAS },
    // It scores one text at a time, and each text once.
    { stage: 'annotate', ms: paid * TEXT_MS },
  ];
  const busiest = stages.reduce((best, other) => (other.ms > best.ms ? other : best));
  const note = stages.map(({ stage, ms }) => `${stage} ${(ms / 1000).toFixed(1)} s`).join(', ');
  const name = `order ${order}: wall time over the busiest stage, ${busiest.stage}`;
  const ratio = { job: JOB, name, value: wallMs / busiest.ms, unit: '×', note };
  return [
    { job: JOB, name: `order ${order}: wall time of the iteration`, value: wallMs / 1000, unit: 's' },
    order === 'data' ? { ...ratio, goal: { relation: 'at most', bound: RATIO_MAX } } : ratio,
  ];
}

function paidOf(runDirectory: string): number {
  const report = JSON.parse(readFileSync(join(runDirectory, 'report.json'), 'utf8')) as {
    readonly annotations: { readonly used: number };
  };
  return report.annotations.used;
}

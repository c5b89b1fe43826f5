/**
 * @file Measures: `npm run bench [-- --only NAME] [--shape NAME] [--threads N] [--json]`.
 *
 * Exit code 0 when every goal is kept, 1 when one is missed, 2 for wrong usage. Goals hold on an otherwise idle machine;
 * nothing here is part of the tests.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '#core';
import { computeRates } from './compute-rates.js';
import { eventLoop } from './event-loop.js';
import { generation } from './generation.js';
import { describeMachine } from './machine.js';
import { keepsGoal, type Measurement } from './measurement.js';
import { randomModel } from './random-model.js';
import { rpcOverhead } from './rpc-overhead.js';
import type { Setting } from './setting.js';
import { SHAPES, type ShapeName } from './shapes.js';

const BENCHMARKS: Readonly<Record<string, (setting: Setting) => Promise<Measurement[]>>> = {
  'event-loop': eventLoop,
  'compute-rates': computeRates,
  generation,
  'rpc-overhead': rpcOverhead,
};

const USAGE = `Measures the policy service and its engine on random weights.

  npm run bench -- [--only NAME] [--shape NAME] [--threads N] [--json]

  --only NAME    one of ${Object.keys(BENCHMARKS).join(', ')}   (default: all)
  --shape NAME   one of ${Object.keys(SHAPES).join(', ')}   (default: mid, about a minute for all on two idle cores)
  --threads N    threads of ONNX Runtime   (default: the machine's, at most 8)
  --json         one JSON object on stdout
  --help         this text`;

class UsageError extends Error {}

interface Options {
  readonly names: readonly string[];
  readonly shape: ShapeName;
  readonly threads: number;
  readonly json: boolean;
}

function optionsOf(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      shape: { type: 'string', default: 'mid' },
      threads: { type: 'string', default: String(Math.min(8, availableParallelism())) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { only, shape, json, help } = values;
  if (help) return 'help';
  const threads = Number(values.threads);
  if (only !== undefined && !(only in BENCHMARKS)) throw new UsageError(`there is no benchmark ${only}`);
  if (!(shape in SHAPES)) throw new UsageError(`there is no shape ${shape}`);
  if (!Number.isInteger(threads) || threads < 1) throw new UsageError(`--threads: got ${values.threads}`);
  return { names: only === undefined ? Object.keys(BENCHMARKS) : [only], shape: shape as ShapeName, threads, json };
}

async function measure({ names, shape, threads, json }: Options): Promise<boolean> {
  const machine = describeMachine();
  if (!json) {
    console.log(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`);
    console.log(`Node ${machine.node}, ONNX Runtime ${machine.onnxRuntime}; shape ${shape}, ${threads} threads\n`);
  }
  const model = await randomModel(SHAPES[shape]);
  const measurements: Measurement[] = [];
  try {
    for (const name of names) {
      const setting = { shape: SHAPES[shape], modelDir: model.folder, threads };
      const found = (await BENCHMARKS[name]?.(setting)) ?? [];
      measurements.push(...found);
      if (!json) for (const measurement of found) console.log(lineOf(measurement));
    }
  } finally {
    model.remove();
  }
  if (json) console.log(JSON.stringify({ machine, shape, threads, measurements }, null, 2));
  return measurements.every(keepsGoal);
}

function lineOf(measurement: Measurement): string {
  const { name, value, unit, goal } = measurement;
  const verdict = goal ? `   ${goal.relation} ${goal.bound}: ${keepsGoal(measurement) ? 'kept' : 'MISSED'}` : '';
  return `${name.padEnd(60)} ${value.toPrecision(3).padStart(8)} ${unit}${verdict}`;
}

try {
  const options = optionsOf(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else process.exitCode = (await measure(options)) ? 0 : 1;
} catch (thrown) {
  const isUsage = thrown instanceof UsageError || thrown instanceof TypeError;
  console.error(isUsage ? `bench: ${messageOf(thrown)}\n\n${USAGE}` : thrown);
  process.exitCode = isUsage ? 2 : 1;
}

/**
 * @file Measures: `npm run bench [-- --only NAME,…] [--peers PYTHON] [--json]`; `--help` says more.
 *
 * Exit code 0 when every goal is kept, 1 when one is missed, 2 for wrong usage. Goals hold on an otherwise idle machine;
 * nothing here is part of the tests.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '#core';
import { readModelConfig } from '#ml/checkpoint';
import type { Benchmark } from './benchmark.js';
import { eventLoop } from './event-loop.js';
import { generation } from './jobs/generation.js';
import { iteration } from './jobs/iteration.js';
import { scoring } from './jobs/scoring.js';
import { trainStep } from './jobs/train-step.js';
import { loadMemory } from './load-memory.js';
import { describeMachine } from './machine.js';
import { keepsGoal, type Measurement } from './measurement.js';
import { memory, start } from './memory-and-start.js';
import { profile } from './profile.js';
import { outsideServices } from './outside-services.js';
import { overlap } from './overlap.js';
import { randomModel, type RandomModel } from './random-model.js';
import { rewardSwap } from './reward-swap.js';
import { reward } from './reward.js';
import { rpcOverhead } from './rpc-overhead.js';
import { SHAPES, shapeOf, type ShapeName } from './shapes.js';
import { storage } from './storage.js';

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  'train-step': trainStep,
  scoring,
  generation,
  iteration,
  profile,
  'load-memory': loadMemory,
  memory,
  start,
  'event-loop': eventLoop,
  'rpc-overhead': rpcOverhead,
  storage,
  reward,
  'reward-swap': rewardSwap,
  overlap,
  'demo-run': outsideServices,
};

const DEFAULT_SHAPE: ShapeName = 'smollm2-135m';

const USAGE = `Measures the engine and the policy service, and on request what others need for the same work.

  npm run bench -- [--only NAME,…] [--shape NAME | --model PATH] [--peers PYTHON] [--threads N] [--rounds N] [--json]

  --only NAME,…    of ${Object.keys(BENCHMARKS).join(', ')}   (default: all)
  --shape NAME     random weights of a shape: ${Object.keys(SHAPES).join(', ')}   (default: ${DEFAULT_SHAPE})
  --model PATH     a model of your own
  --peers PYTHON   a Python with the packages of bench/peers/requirements.txt: compare, in turns   (default: ours alone)
  --execution-provider NAME  of the engine in this process: cuda or webgpu   (default: cpu)
  --without TEXT,… leave their ways out whose name contains one, for instance compiled, which takes minutes to begin
  --threads N      threads of everyone   (default: the machine's, at most 8)
  --rounds N       measured rounds, after one that does not count   (default: 3)
  --json           one JSON object on stdout, progress on stderr
  --help           this text`;

class UsageError extends Error {}

interface Options {
  readonly names: readonly string[];
  readonly model: { readonly shape: ShapeName } | { readonly path: string };
  readonly python: string | undefined;
  readonly without: readonly string[];
  readonly executionProvider: string;
  readonly threads: number;
  readonly rounds: number;
  readonly json: boolean;
}

function optionsOf(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      shape: { type: 'string', default: DEFAULT_SHAPE },
      model: { type: 'string' },
      peers: { type: 'string' },
      without: { type: 'string' },
      'execution-provider': { type: 'string', default: 'cpu' },
      threads: { type: 'string', default: String(Math.min(8, availableParallelism())) },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { only, shape, model, peers, json, help } = values;
  if (help) return 'help';
  const names = only?.split(',') ?? Object.keys(BENCHMARKS);
  for (const name of names) if (!(name in BENCHMARKS)) throw new UsageError(`there is no benchmark ${name}`);
  if (!(shape in SHAPES)) throw new UsageError(`there is no shape ${shape}`);
  return {
    names,
    model: model === undefined ? { shape: shape as ShapeName } : { path: model },
    python: peers,
    without: values.without?.split(',') ?? [],
    executionProvider: values['execution-provider'],
    threads: countOf('--threads', values.threads),
    rounds: countOf('--rounds', values.rounds),
    json,
  };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`${option}: expected a number from 1, got ${text}`);
  return count;
}

async function measure(options: Options): Promise<boolean> {
  const { names, model, python, without, executionProvider, threads, rounds, json } = options;
  const machine = describeMachine();
  const print = (line: string) => (json ? console.error(line) : console.log(line));
  print(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`);
  print(
    `Node ${machine.node}, ONNX Runtime ${machine.onnxRuntime}; ${Object.values(model).join()}, ${threads} threads\n`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-bench-'));
  const random: RandomModel | undefined = 'shape' in model ? await randomModel(SHAPES[model.shape]) : undefined;
  const modelPath = 'path' in model ? model.path : (random?.folder ?? '');
  const measurements: Measurement[] = [];
  const versions: Record<string, string> = {};
  try {
    const shape = shapeOf(await readModelConfig(modelPath));
    const setting = {
      shape,
      modelPath,
      executionProvider,
      threads,
      rounds,
      without,
      ...(python !== undefined && { python }),
    };
    for (const name of names) {
      const found = await BENCHMARKS[name]?.(setting, {
        folder,
        say: (line) => console.error(`  ${line}`),
        noteVersions: (found) => Object.assign(versions, found),
      });
      measurements.push(...(found ?? []));
      for (const measurement of found ?? []) print(lineOf(measurement));
    }
  } finally {
    random?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  if (json) console.log(JSON.stringify({ machine, model, threads, rounds, versions, measurements }, null, 2));
  return measurements.every(keepsGoal);
}

function lineOf(measurement: Measurement): string {
  const { job, name, value, unit, goal, rounds, note } = measurement;
  const verdict = goal ? `   ${goal.relation} ${goal.bound}: ${keepsGoal(measurement) ? 'kept' : 'MISSED'}` : '';
  const spread = rounds ? `   rounds ${rounds.map((ratio) => ratio.toFixed(2)).join(' ')}` : '';
  const remark = note === undefined ? '' : `   (${note})`;
  return `${job} | ${name.padEnd(70)} ${value.toPrecision(3).padStart(8)} ${unit}${verdict}${spread}${remark}`;
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

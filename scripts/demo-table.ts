/**
 * @file Runs the demo and its baselines with several seeds and writes one table of their results.
 *
 * Usage: npm run demo:table -- [--seeds 1,2,3] [--only metaapo,online-dpo] [--runs runs/demo-table] [--out docs/demo-results.md]
 * A run that is finished already is read, not repeated. `{metaapo}` in an override is the folder of the `metaapo` run of the same seed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { present } from '#core';
import type { EvaluationSnapshot, ReportData } from '#report';
import { DEMO_FOLDER } from './demo/folders.js';

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    only: { type: 'string' },
    runs: { type: 'string', default: 'runs/demo-table' },
    out: { type: 'string', default: 'docs/demo-results.md' },
  },
});
const seeds = options.seeds.split(',').map(Number);
const methods = parse(readFileSync(join(DEMO_FOLDER, 'baselines.yaml'), 'utf8')) as Record<string, string[]>;
const wanted = options.only?.split(',') ?? Object.keys(methods);

/** The report of one run, running it first where it is not finished. */
function reportOf(method: string, seed: number): ReportData {
  const folder = join(options.runs, `${method}-${seed}`);
  const path = join(folder, 'report.json');
  if (!existsSync(path)) {
    const sets = [`seed=${seed}`, ...present(methods[method], `method ${method}`)]
      .map((set) => set.replace('{metaapo}', join(process.cwd(), options.runs, `metaapo-${seed}`)))
      .flatMap((set) => ['--set', set]);
    console.error(`demo-table: ${method}, seed ${seed}`);
    const cli = ['dist/apps/cli/src/main.js', 'run', join(DEMO_FOLDER, 'metaapo.yaml'), '--run-dir', folder, ...sets];
    const { status } = spawnSync(process.execPath, ['--enable-source-maps', ...cli], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) {
      console.error(`demo-table: ${method}, seed ${seed} failed with exit code ${status}`);
      process.exit(1);
    }
  }
  return JSON.parse(readFileSync(path, 'utf8')) as ReportData;
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

function meanScore(snapshot: EvaluationSnapshot, judge: string): number {
  const scores = present(
    snapshot.judged.find((entry) => entry.judge === judge),
    `judge ${judge}`,
  ).scores;
  return mean(scores.filter((score) => score !== null));
}

interface Row {
  readonly name: string;
  readonly annotations: readonly number[];
  readonly snapshots: readonly EvaluationSnapshot[];
  readonly trainingReward: string;
}

function tableRow({ name, annotations, snapshots, trainingReward }: Row): string {
  const spread = (pick: (snapshot: EvaluationSnapshot) => number, digits: number) => {
    const numbers = snapshots.map(pick);
    const low = Math.min(...numbers).toFixed(digits);
    const high = Math.max(...numbers).toFixed(digits);
    return numbers.length > 1 ? `${mean(numbers).toFixed(digits)} (${low}…${high})` : mean(numbers).toFixed(digits);
  };
  const cells = [
    name,
    mean(annotations).toFixed(0),
    spread((snapshot) => meanScore(snapshot, trainingReward), 3),
    spread((snapshot) => meanScore(snapshot, 'vader'), 3),
    spread((snapshot) => meanScore(snapshot, 'afinn'), 2),
    spread((snapshot) => snapshot.klToSft, 1),
    spread((snapshot) => snapshot.distinct[1], 2),
    spread((snapshot) => snapshot.endTokenRate, 2),
    spread((snapshot) => snapshot.nllUnderSft, 2),
    spread((snapshot) => snapshot.topWord?.share ?? 0, 2),
  ];
  return `| ${cells.join(' | ')} |`;
}

const rows: Row[] = [];
for (const method of wanted) {
  const reports = seeds.map((seed) => reportOf(method, seed));
  const trainingReward = present(reports[0], 'first report').trainingReward;
  const stage = (pick: (report: ReportData) => EvaluationSnapshot | undefined) =>
    reports.map((report) => present(pick(report), `stage of ${method}`));
  if (method === wanted[0]) {
    const none = seeds.map(() => 0);
    rows.push(
      { name: 'SFT (before)', annotations: [0], snapshots: stage((r) => r.evaluations[0]).slice(0, 1), trainingReward },
      {
        name: 'warm-up only',
        annotations: none,
        snapshots: stage((r) => r.evaluations.find((e) => e.stage === 'warm-up')),
        trainingReward,
      },
    );
  }
  rows.push({
    name: method,
    annotations: reports.map((report) => report.annotations.used),
    snapshots: stage((report) => report.evaluations.at(-1)),
    trainingReward,
  });
}

const template = readFileSync(join(DEMO_FOLDER, 'results.template.md'), 'utf8');
const table = [
  '| method | annotations | training reward | VADER | AFINN | KL to SFT | distinct-2 | end rate | NLL under SFT | top word |',
  `|${'---|'.repeat(10)}`,
  ...rows.map(tableRow),
].join('\n');
const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}`;
writeFileSync(
  options.out,
  template.replace('{table}', table).replace('{seeds}', seeds.join(', ')).replace('{machine}', machine),
);
console.error(`demo-table: ${options.out}`);

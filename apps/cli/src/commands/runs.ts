/** @file `metaapo runs`: the runs below a folder, or those of a trainer. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fromTimestamp, createRpcClient } from '#platform/rpc';
import type { TrainingRun__Output } from '#contracts/trainer';
import { readRun, readRuns } from '#run-directory';
import { Command, Option } from 'commander';
import { UsageError } from '../cli.errors.js';
import { countsOf, stateName } from '../runs/run-event.js';
import { listedRun, runJson, runsTable, type ListedRun, type UnlistableRun } from '../runs/runs-table.js';
import { address } from '../services/endpoints.js';
import { example, type CommandContext } from './context.js';

interface RunsOptions {
  readonly trainer?: string;
  readonly json?: boolean;
}

const FOLDER_DEFAULT = 'runs';
const PAGE_SIZE = 100;
const CALL_TIMEOUT_MS = 10_000;

export function runsCommand({ terminal }: CommandContext): Command {
  return new Command('runs')
    .summary('list the runs below a folder')
    .description(
      'Lists the runs in the directories below DIR, or those of a trainer: state, finished iterations, annotations paid ' +
        'for, cost, age, and the process that works on it. `interrupted` is a run whose process is gone: metaapo run ' +
        'goes on with it. `unknown` is one whose process is on another machine.',
    )
    .argument('[DIR]', `folder of run directories, or one of them (default: ${FOLDER_DEFAULT})`)
    .addOption(new Option('--trainer <host:port>', 'list the runs that this trainer knows').argParser(address))
    .option('--json', 'print one JSON object per line')
    .addHelpText(
      'after',
      example('metaapo runs', 'metaapo runs /data/runs --json', 'metaapo runs --trainer 10.0.0.5:50057'),
    )
    .action(async (directory: string | undefined, { trainer, json = false }: RunsOptions) => {
      if (trainer !== undefined && directory !== undefined) {
        throw new UsageError('DIR and --trainer are two places to look in: give one');
      }
      const runs = trainer === undefined ? await runsBelow(directory) : await runsOf(trainer);
      if (json) return terminal.out(runs.map((run) => `${runJson(run)}\n`).join(''));
      const listed = runs.filter((run) => 'runId' in run);
      if (listed.length > 0) terminal.out(runsTable(listed, Date.now()));
      else terminal.err(`no runs in ${trainer ?? directory ?? FOLDER_DEFAULT}\n`);
      for (const run of runs) if ('problem' in run) terminal.err(`${run.directory}: ${run.problem}\n`);
    });
}

async function runsBelow(directory: string | undefined): Promise<readonly (ListedRun | UnlistableRun)[]> {
  const path = resolve(directory ?? FOLDER_DEFAULT);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder && directory === undefined) return [];
  if (!isFolder) throw new UsageError(`Expected a folder of run directories, got ${directory}`);
  const itself = await readRun(path);
  return (itself ? [itself] : await readRuns(path)).map(listedRun);
}

async function runsOf(trainer: string): Promise<readonly ListedRun[]> {
  const client = createRpcClient('metaapo.trainer.v1.TrainerService', trainer, { timeoutMs: CALL_TIMEOUT_MS });
  try {
    const runs: ListedRun[] = [];
    for (let pageToken = ''; ;) {
      const page = await client.listTrainingRuns({ pageSize: PAGE_SIZE, pageToken });
      runs.push(...page.runs.map((run) => remoteRun(run, trainer)));
      pageToken = page.nextPageToken;
      if (pageToken === '') return runs;
    }
  } finally {
    client.close();
  }
}

function remoteRun(run: TrainingRun__Output, trainer: string): ListedRun {
  const { runId, name, phase, iterationCount, iterationCountDone, runDirectory, createTime } = run;
  const { annotations, cost } = countsOf(run);
  const state = stateName(run.state);
  return {
    runId,
    name,
    state,
    phase,
    iterationsDone: iterationCountDone,
    iterationCount,
    annotations,
    cost,
    createTimeMs: createTime ? fromTimestamp(createTime) : 0,
    holder: state === 'running' || state === 'cancelling' ? trainer : '',
    directory: runDirectory,
  };
}

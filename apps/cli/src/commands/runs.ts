/** @file `metaapo runs`: the runs below a folder, or those of a trainer. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readRun, readRuns } from '#run-directory';
import { Command, Option } from 'commander';
import { UsageError } from '../cli.errors.js';
import { listedRun, runJson, runsTable, type ListedRun, type UnlistableRun } from '../runs/runs-table.js';
import { address } from '../services/endpoints.js';
import { example, type CommandContext } from './context.js';

interface RunsOptions {
  readonly trainer?: string;
  readonly json?: boolean;
}

const FOLDER_DEFAULT = 'runs';

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
      const runs = trainer === undefined ? await runsBelow(directory) : await remoteRuns(trainer);
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

/** gRPC is loaded only where a trainer is asked. */
async function remoteRuns(trainer: string): Promise<readonly ListedRun[]> {
  const { runsOf } = await import('../runs/remote-runs.js');
  return await runsOf(trainer);
}

/** @file `metaapo fsck`: checks everything that a run has written against its digests. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { RunDamagedError, UsageError } from '../cli.errors.js';
import { checkRun, type CheckedRun, type Finding } from '../runs/check-run.js';
import { example, type CommandContext } from './context.js';

interface FsckCommandOptions {
  readonly base?: string;
  readonly json?: boolean;
}

export function fsckCommand({ terminal }: CommandContext): Command {
  return new Command('fsck')
    .summary('check what a run has written')
    .description(
      'Checks a run directory and changes nothing: the structure of the database, every unit, step, state and score, every ' +
        'artifact, the adapter, meta-learner.json and the report, each against the digest it was written with. Says what is ' +
        'wrong, where, and what to do; the exit code is 1 when something is damaged.',
    )
    .argument('<RUN_DIR>', 'directory of a run')
    .option('--base <folder>', 'folder that the paths of its configuration start from (default: what the run says)')
    .option('--json', 'print one JSON object: run id, findings, how much was checked')
    .addHelpText('after', example('metaapo fsck runs/demo', 'metaapo fsck runs/demo --json'))
    .action(async (runDirectory: string, { base, json = false }: FsckCommandOptions) => {
      const path = resolve(runDirectory);
      const isFolder = await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      );
      if (!isFolder) throw new UsageError(`Expected the directory of a run, got ${runDirectory}`);
      const run = await checkRun(path, base === undefined ? undefined : resolve(base));
      if (json) terminal.out(`${JSON.stringify(run)}\n`);
      else terminal.out(toldRun(run));
      const damageCount = run.findings.filter(({ severity }) => severity === 'damage').length;
      if (damageCount > 0) throw new RunDamagedError(runDirectory, damageCount);
    });
}

/** The findings, then what was looked at. */
function toldRun({ runId, findings, checked }: CheckedRun): string {
  const { units, steps, metaStates, scores, artifacts, files } = checked;
  const counts = [
    `${units} units`,
    `${steps} steps`,
    `${metaStates} states of the meta-learner`,
    `${scores} scores`,
    `${artifacts} artifacts`,
    `${files} files`,
  ];
  const damaged = findings.some(({ severity }) => severity === 'damage');
  return `${findings.map(toldFinding).join('')}${runId || 'no run'}: checked ${counts.join(', ')}${damaged ? '' : '; all is as it was written'}\n`;
}

function toldFinding({ severity, place, problem, remedy }: Finding): string {
  return `${severity === 'damage' ? 'DAMAGE' : 'notice'} ${place}: ${problem}\n       ${remedy}\n`;
}

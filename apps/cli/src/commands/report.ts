/** @file `metaapo report`: draws a run's report again. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { drawTrainingReport } from '../reward-train/training-report.js';
import { drawReport } from '../runs/run-report.js';
import { example, type CommandContext } from './context.js';

export function reportCommand({ terminal }: CommandContext): Command {
  return new Command('report')
    .summary('draw a run’s report again')
    .description('Draws report.html of a run again from its report.json, and prints its path.')
    .argument('<RUN_DIR>', 'directory of a run, or of a reward model’s training')
    .addHelpText('after', example('metaapo report runs/demo'))
    .action(async (runDirectory: string) => {
      const path = resolve(runDirectory);
      terminal.out(`${(await drawTrainingReport(path)) ?? (await drawReport(path))}\n`);
    });
}

/** @file `metaapo report`: draws a run's report again. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { drawReport } from '../runs/run-report.js';
import { example, type CommandContext } from './context.js';

export function reportCommand({ terminal }: CommandContext): Command {
  return new Command('report')
    .summary('draw a run’s report again')
    .description('Draws report.html of a run again from its report.json, and prints its path.')
    .argument('<RUN_DIR>', 'directory of a run')
    .addHelpText('after', example('metaapo report runs/demo'))
    .action(async (runDirectory: string) => {
      terminal.out(`${await drawReport(resolve(runDirectory))}\n`);
    });
}

/** @file `metaapo doctor`: what this machine has, what is wrong, and how to mend it. */
import { installedVersion } from '#core';
import { Command } from 'commander';
import { RunFailedError } from '../cli.errors.js';
import { locateModel } from '../models/locate-model.js';
import type { Finding } from '../doctor/checks.js';
import { example, type CommandContext } from './context.js';

interface DoctorOptions {
  readonly model?: string;
  readonly json?: boolean;
}

export function doctorCommand(context: CommandContext): Command {
  const { terminal } = context;
  return new Command('doctor')
    .summary('what this machine has, and what is wrong')
    .description('Tells what this machine has and what is wrong with it. Exit code 1 when something is broken.')
    .option('--model <MODEL>', 'model to look at as well (path, or name on the Hub)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', example('metaapo doctor', 'metaapo doctor --model models/base --json'))
    .action(async ({ model, json }: DoctorOptions) => {
      const { examine } = await import('../doctor/checks.js'); // loads ONNX Runtime
      const findings = await examine(model === undefined ? undefined : await locateModel(model, context));
      const broken = findings.filter(({ health }) => health === 'broken');
      terminal.out(
        json
          ? `${JSON.stringify({ version: installedVersion(), ok: broken.length === 0, findings })}\n`
          : findings.map(findingText).join(''),
      );
      if (broken.length > 0) {
        throw new RunFailedError('MACHINE_UNFIT', `broken: ${broken.map(({ check }) => check).join(', ')}`);
      }
    });
}

const SIGNS = { good: 'ok   ', weak: 'weak ', broken: 'BAD  ' } as const;

/** One finding for people, with what to do below it. */
export function findingText({ check, health, found, mend }: Finding): string {
  return `${SIGNS[health]} ${check}: ${found}\n${mend === undefined ? '' : `       mend: ${mend}\n`}`;
}

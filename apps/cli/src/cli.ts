/** @file The command `metaapo`: its commands, and how each ends. */
import { installedVersion } from '#core';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './commands/context.js';
import { dataCommand } from './commands/data.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { generateCommand } from './commands/generate.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { runsCommand } from './commands/runs.js';
import { scoreCommand } from './commands/score.js';
import { upCommand } from './commands/up.js';
import { watchCommand } from './commands/watch.js';
import { example } from './commands/context.js';
import { endingOf } from './exit-code.js';
import type { Terminal } from './terminal/terminal.js';

/** Runs one command line, without the program's own name; gives the exit code. */
export async function runCli(args: readonly string[], context: CommandContext): Promise<number> {
  const program = programOf(context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (thrown) {
    const { exitCode, message } = endingOf(thrown);
    if (message !== undefined) context.terminal.err(`${message}\n`);
    return exitCode;
  }
}

/** The program with all its commands; none of them ends the process. */
export function programOf(context: CommandContext): Command {
  const program = new Command('metaapo')
    .description('Aligns language models to a preference signal for the fewest paid annotations (MetaAPO).')
    .version(installedVersion())
    .addHelpText('after', example('metaapo demo', 'metaapo run configs/demo/metaapo.yaml', 'metaapo help run'))
    .addHelpText('after', EXIT_CODES);
  const commands = [
    runCommand,
    runsCommand,
    watchCommand,
    upCommand,
    demoCommand,
    reportCommand,
    exportCommand,
    doctorCommand,
    scoreCommand,
    generateCommand,
    dataCommand,
  ];
  for (const command of commands) program.addCommand(command(context));
  configure(program, context);
  return program;
}

const EXIT_CODES = '\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration, 130 interrupted.';

function configure(command: Command, context: CommandContext): void {
  const { terminal } = context;
  command
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(`${text.trim()} (see ${fullName(command)} --help)\n`),
    });
  for (const child of command.commands) configure(child, context);
  if (command.commands.length > 0) {
    command.allowExcessArguments().action(() => {
      throw missingCommand(command, terminal);
    });
  }
}

/** No command, or one that does not exist: one line, exit code 2. */
function missingCommand(command: Command, terminal: Terminal): CommanderError {
  const known = command.commands.map((child) => child.name()).join(', ');
  const given = command.args[0];
  const got = given === undefined ? 'no command' : `unknown command '${given}'`;
  terminal.err(`error: ${got}; expected one of ${known} (see ${fullName(command)} --help)\n`);
  return new CommanderError(2, 'metaapo.command', got);
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

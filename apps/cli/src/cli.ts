/** @file The command `metaapo`: its commands, and how each ends. */
import { didYouMean, installedVersion } from '#core';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './commands/context.js';
import { example } from './commands/context.js';
import { endingOf } from './exit-code.js';
import type { Terminal } from './terminal/terminal.js';

type MakeCommand = (context: CommandContext) => Command;

/** Commands in the order of the help. Each is loaded when it is needed: a command that only looks is there at once. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  run: async () => (await import('./commands/run.js')).runCommand,
  runs: async () => (await import('./commands/runs.js')).runsCommand,
  watch: async () => (await import('./commands/watch.js')).watchCommand,
  up: async () => (await import('./commands/up.js')).upCommand,
  demo: async () => (await import('./commands/demo.js')).demoCommand,
  report: async () => (await import('./commands/report.js')).reportCommand,
  explain: async () => (await import('./commands/explain.js')).explainCommand,
  fsck: async () => (await import('./commands/fsck.js')).fsckCommand,
  export: async () => (await import('./commands/export.js')).exportCommand,
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand,
  score: async () => (await import('./commands/score.js')).scoreCommand,
  generate: async () => (await import('./commands/generate.js')).generateCommand,
  data: async () => (await import('./commands/data.js')).dataCommand,
  reward: async () => (await import('./commands/reward.js')).rewardCommand,
};

/** Runs one command line, without the program's own name; gives the exit code. */
export async function runCli(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    const program = await programOf(
      context,
      args.find((arg) => arg !== 'help'),
    );
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (thrown) {
    const { exitCode, message } = endingOf(thrown);
    if (message !== undefined) context.terminal.err(`${message}\n`);
    return exitCode;
  }
}

/** The program with the command of that name, or with all; none of them ends the process. */
export async function programOf(context: CommandContext, wanted = ''): Promise<Command> {
  const program = new Command('metaapo')
    .description('Aligns language models to a preference signal for the fewest paid annotations (MetaAPO).')
    .version(installedVersion())
    .addHelpText('after', example('metaapo demo', 'metaapo run configs/demo/metaapo.yaml', 'metaapo help run'))
    .addHelpText('after', EXIT_CODES);
  const names = Object.hasOwn(COMMANDS, wanted) ? [wanted] : Object.keys(COMMANDS);
  for (const name of names) program.addCommand((await COMMANDS[name]!())(context));
  configure(program, context);
  return program;
}

const EXIT_CODES =
  '\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 could not be checked (fsck), 130 interrupted.';

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
  // Commander's own `help` prints the help of the group where the command does not exist, and knows no groups in groups.
  if (command.commands.length > 0) command.addCommand(helpCommand(command, terminal));
  for (const child of command.commands) configure(child, context);
  if (command.commands.length === 0) return;
  command.allowExcessArguments().action(() => {
    throw missingCommand(command, command.args[0], terminal);
  });
}

/** `metaapo help reward promote` is `metaapo reward promote --help`. */
function helpCommand(group: Command, terminal: Terminal): Command {
  return new Command('help')
    .description('Shows the help of a command.')
    .argument('[COMMAND...]', 'the command, after the group it is in')
    .addHelpText('after', example(`${fullName(group)} help ${group.commands[0]!.name()}`))
    .action((path: readonly string[]) => {
      const command = path.reduce((within, name) => {
        const child = within.commands.find((one) => one.name() === name);
        if (child === undefined && within.commands.length > 0) throw missingCommand(within, name, terminal);
        return child ?? within;
      }, group);
      command.help();
    });
}

/** No command, or one that does not exist: one line, exit code 2. */
function missingCommand(command: Command, given: string | undefined, terminal: Terminal): CommanderError {
  const known = command.commands.map((child) => child.name()).filter((name) => name !== 'help');
  const got = given === undefined ? 'no command' : `unknown command '${given}'${didYouMean(given, known)}`;
  terminal.err(`error: ${got}; expected one of ${known.join(', ')} (see ${fullName(command)} --help)\n`);
  return new CommanderError(2, 'metaapo.command', got);
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

/** @file The command `metaapo` as a process. */
import { runCli } from './cli.js';
import { Interrupts } from './terminal/interrupts.js';
import { processTerminal } from './terminal/terminal.js';

const interrupts = new Interrupts().listen();
process.exitCode = await runCli(process.argv.slice(2), { terminal: processTerminal(), interrupts });

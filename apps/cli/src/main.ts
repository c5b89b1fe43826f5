/** @file The command `metaapo` as a process. */
import { runCli } from './cli.js';
import { Interrupts } from './terminal/interrupts.js';
import { processTerminal } from './terminal/terminal.js';

// `metaapo … | head` closes the pipe early. What nobody reads is dropped; the work itself goes on to its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const interrupts = new Interrupts().listen();
process.exitCode = await runCli(process.argv.slice(2), { terminal: processTerminal(), interrupts });

/** @file The command `metaapo` as a process. */
import { runCli } from './cli.js';
import { EXIT } from './exit-code.js';
import { Interrupts } from './terminal/interrupts.js';
import { processTerminal } from './terminal/terminal.js';

// `metaapo … | head` closes the pipe early, and a terminal that was closed cannot be written to. What nobody reads is
// dropped; the work itself goes on to its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

/** What is still open when the command has ended gets this long, and then is left. */
const LINGER_MS_MAX = 2_000;

const interrupts = new Interrupts().listen(() => process.exit(EXIT.interrupted));
process.exitCode = await runCli(process.argv.slice(2), { terminal: processTerminal(), interrupts });
setTimeout(() => process.exit(), LINGER_MS_MAX).unref();

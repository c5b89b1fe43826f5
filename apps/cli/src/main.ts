/** @file The command `metaapo` as a process. */
import { runCli } from './cli.js';
import { EXIT } from './exit-code.js';
import { Interrupts } from './terminal/interrupts.js';
import { processTerminal } from './terminal/terminal.js';

// `metaapo … | head` closes the pipe early, and a terminal that was closed cannot be written to. What nobody reads is
// dropped; the work itself goes on to its end. Any other failure, such as a full disk behind `metaapo … > file`, would
// leave half of what somebody counts on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'EIO') return;
    if (stream === process.stdout) process.stderr.write(`error: standard output cannot be written to: ${message}\n`);
    process.exit(EXIT.failed);
  });
}

/** What is still open when the command has ended gets this long, and then is left. */
const LINGER_MS_MAX = 2_000;

const interrupts = new Interrupts().listen(() => process.exit(EXIT.interrupted));
process.exitCode = await runCli(process.argv.slice(2), { terminal: processTerminal(), interrupts });
setTimeout(() => process.exit(), LINGER_MS_MAX).unref();

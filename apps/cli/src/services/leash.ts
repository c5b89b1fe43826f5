/**
 * @file Preloaded into services that the CLI starts: when the CLI is gone, however it went, the service goes too.
 *
 * The CLI holds the other end of this process's standard input and never writes to it; the end of the input is the end
 * of the CLI. Without this a killed CLI would leave services behind that hold the run's directory.
 */
process.stdin.once('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.once('error', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
process.stdin.unref();

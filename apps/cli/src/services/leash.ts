/**
 * @file Preloaded into services that the CLI starts: when the CLI is gone, however it went, the service goes too.
 *
 * The CLI holds the other end of this process's standard input and never writes to it; the end of the input is the end
 * of the CLI. Without this a killed CLI would leave services behind that hold the run's directory. The service first
 * ends its calls in flight; one that does not manage that in time goes at once. Node preloads into worker threads as
 * well; their input is another one, so only the main thread listens.
 */
import { isMainThread } from 'node:worker_threads';

/** Above the services' own drain timeout of 20 s; no orphan outlives it. */
const LEAVE_MS_MAX = 25_000;

if (isMainThread) {
  const leave = (): void => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LEAVE_MS_MAX).unref();
  };
  // What the service says while it leaves reaches nobody; that must not end it before its work in flight is kept.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.stdin.once('end', leave);
  process.stdin.once('error', leave);
  process.stdin.resume();
  process.stdin.unref();
}

/** @file `metaapo watch`: follows a run that another process works on. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createRpcClient } from '#platform/rpc';
import { Command } from 'commander';
import { InterruptedError, RunFailedError, UsageError } from '../cli.errors.js';
import { runDisplay, type RunDisplay } from '../progress/run-display.js';
import { annotationsText } from '../progress/progress-lines.js';
import { readReport } from '../runs/run-report.js';
import { resultText } from '../runs/result-table.js';
import { stateName } from '../runs/run-event.js';
import { refuseBadEnd, watchDirectory, watchTrainer } from '../runs/watch-run.js';
import { isAddress } from '../services/endpoints.js';
import { remoteTls } from '../services/remote-tls.js';
import { example, type CommandContext } from './context.js';

interface WatchOptions {
  readonly run?: string;
  readonly json?: boolean;
}

const CALL_TIMEOUT_MS = 10_000;

export function watchCommand(context: CommandContext): Command {
  return new Command('watch')
    .summary('follow a run that another process works on')
    .description(
      'Follows a run until it ends, and ends as the run does: with 0 when it succeeded, else with 1. RUN is its ' +
        'directory, or the address of its trainer. Only looks: Ctrl-C ends the watching, and the run goes on.',
    )
    .argument('<RUN>', 'directory of a run, or host:port of a trainer')
    .option('--run <ID>', 'with an address: which run (default: the one started last)')
    .option('--json', 'print one JSON event per line')
    .addHelpText('after', example('metaapo watch runs/demo', 'metaapo watch 10.0.0.5:50057 --run demo-1a2b3c4d'))
    .action(async (run: string, options: WatchOptions) => {
      const { terminal, interrupts } = context;
      const isTrainer = isAddress(run) && !existsSync(run);
      if (options.run !== undefined && !isTrainer) throw new UsageError('--run goes with the address of a trainer');
      const display = (iterationCount: number | undefined): RunDisplay =>
        runDisplay({ terminal, json: options.json ?? false, iterationCount });
      const seenEnough = new Promise<never>((_, reject) => {
        const stop = (): void => reject(new InterruptedError('No longer watching; the run goes on.'));
        interrupts.stop.addEventListener('abort', stop, { once: true });
      });
      const watching = { display, signal: interrupts.stop };
      await Promise.race([
        isTrainer ? byAddress(run, options, watching) : byDirectory(run, options, watching, context),
        seenEnough,
      ]);
    });
}

interface Watching {
  readonly display: (iterationCount: number | undefined) => RunDisplay;
  readonly signal: AbortSignal;
}

async function byDirectory(
  given: string,
  { json = false }: WatchOptions,
  watching: Watching,
  { terminal }: CommandContext,
): Promise<void> {
  const path = resolve(given);
  const run = await watchDirectory(path, watching);
  refuseBadEnd(run);
  const { run_id: runId, annotations, cost } = run.status;
  if (json) return;
  const paid = annotationsText({ annotations, annotationsUngated: 0, ...(cost && { cost }) });
  terminal.out(`${runId} succeeded, ${paid} paid\n\n${resultText(await readReport(path))}`);
  terminal.out(`report: ${join(path, 'report.html')}\n`);
}

async function byAddress(address: string, options: WatchOptions, { display, signal }: Watching): Promise<void> {
  const tls = remoteTls();
  const client = createRpcClient('metaapo.trainer.v1.TrainerService', address, { timeoutMs: CALL_TIMEOUT_MS, tls });
  let runId: string;
  let iterationCount: number;
  try {
    const { runs } = await client.listTrainingRuns({});
    const run = options.run === undefined ? runs[0] : runs.find((listed) => listed.runId === options.run);
    if (!run)
      throw new UsageError(
        `Expected a run at ${address}, found ${runs.map((listed) => listed.runId).join(', ') || 'none'}`,
      );
    ({ runId, iterationCount } = run);
  } finally {
    client.close();
  }
  const end = await watchTrainer(address, runId, { shown: display(iterationCount), signal, tls });
  if (end.state === 'RUN_STATE_SUCCEEDED') return;
  const { reason = stateName(end.state).toUpperCase(), message = 'The run did not succeed' } = end.failure ?? {};
  throw new RunFailedError(reason, `${runId}: ${message}`);
}

/** @file `metaapo demo`: aligns the tiny model that ships with the project. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot } from '#core';
import { Command } from 'commander';
import { InterruptedError, RunFailedError } from '../cli.errors.js';
import { existingRun, nearPath } from '../runs/existing-run.js';
import { planRun } from '../runs/run-plan.js';
import { tellFinished } from '../runs/tell-result.js';
import { shellLine } from '../terminal/shell-words.js';
import { collected, example, type CommandContext } from './context.js';

interface DemoOptions {
  readonly set?: readonly string[];
  readonly runDir?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export function demoCommand(context: CommandContext): Command {
  return new Command('demo')
    .summary('align the tiny model that ships with the project')
    .description(
      'Aligns the tiny model that ships with the project towards friendly speeches, through the four services, in a ' +
        'few minutes on two cores, and writes a report. Started again, it goes on with an unfinished run.',
    )
    .option('--set <key=value>', 'override one key of the configuration; may be repeated', collected)
    .option('--run-dir <DIR>', 'directory of the run (default: runs/NAME-DIGEST)')
    .option('--json', 'print one JSON event per line')
    .option('--verbose', 'pass the services’ logs through to standard error')
    .addHelpText('after', example('metaapo demo', 'metaapo demo --set seed=2 --run-dir runs/demo-2'))
    .action(async ({ set: overrides = [], runDir: runDirectory, json = false, verbose = false }: DemoOptions) => {
      await makeDemoData(context);
      const configPath = join(installationRoot(), 'configs/demo/metaapo.yaml');
      const plan = await planRun({ configPath, overrides, runDirectory });
      const existing = await existingRun(plan, undefined);
      if (existing.kind === 'finished') return tellFinished(existing.seen, plan, { terminal: context.terminal, json });
      const sets = overrides.flatMap((set) => ['--set', set]);
      const resumeCommand = shellLine(['metaapo', 'demo', ...sets, '--run-dir', nearPath(plan.runDirectory)]);
      const options = { endpoints: {}, policyReplicaCount: 1, json, verbose, resumeCommand };
      const { executeRun } = await import('../runs/execute-run.js');
      await executeRun(plan, options, context);
    });
}

const LEASH = new URL('../services/leash.js', import.meta.url).href;

/** Makes the demo's data from the installed corpus, unless they are there; the same bytes every time. */
async function makeDemoData({ terminal, interrupts }: CommandContext): Promise<void> {
  const root = installationRoot();
  const folder = join(root, 'configs/demo/data');
  if (['train.jsonl', 'held-out.jsonl'].every((name) => existsSync(join(folder, name)))) return;
  terminal.err('making the demo’s data from the installed corpus, once …\n');
  const script = join(root, 'dist/scripts/demo-data.js');
  // On a leash like the services: it goes when this process is gone.
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', LEASH, script, folder], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  interrupts.stop.addEventListener('abort', () => child.kill(), { once: true });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  if (interrupts.stop.aborted) throw new InterruptedError('Stopped before the run began. Go on with: metaapo demo');
  if (code !== 0) throw new RunFailedError('DEMO_DATA_FAILED', 'The demo’s data could not be made; see above');
}

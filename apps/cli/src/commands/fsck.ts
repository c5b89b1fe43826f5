/** @file `metaapo fsck`: checks everything that a run has written. */
import { resolve } from 'node:path';
import { RunStatusDamagedError, holdsOlderRun, readRun } from '#run-directory';
import { Command } from 'commander';
import { RunDamagedError, RunUncheckedError, UsageError } from '../cli.errors.js';
import type { Finding } from '../runs/check-run.js';
import { checkText, isDamage, isUnchecked } from '../runs/check-text.js';
import { example, type CommandContext } from './context.js';

interface FsckOptions {
  readonly base?: string;
  readonly json?: boolean;
}

export function fsckCommand({ terminal, interrupts }: CommandContext): Command {
  return new Command('fsck')
    .summary('check everything that a run has written')
    .description(
      'Checks every unit, step, score and artifact of a run, and what it left, against the digests that were written ' +
        'with them, and says what is wrong and what to do. Changes nothing. Ends with 0 when all is sound, 1 when ' +
        'something is damaged, 2 when there is no run, 3 when nothing is found damaged but a database or store could not ' +
        'be reached.',
    )
    .argument('<RUN_DIR>', 'directory of a run')
    .option(
      '--base <DIR>',
      'folder that the configuration’s paths start from, for a shared ledger (default: as the run says)',
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', example('metaapo fsck runs/demo', 'metaapo fsck runs/demo --json'))
    .action(async (given: string, { base, json = false }: FsckOptions) => {
      const path = resolve(given);
      const statusFindings = await checkStatus(path, given);
      const { checkRun } = await import('../runs/check-run.js');
      const baseDirectory = base === undefined ? undefined : resolve(base);
      const check = await checkRun(path, { baseDirectory, signal: interrupts.stop });
      const found = { ...check, findings: [...statusFindings, ...check.findings] };
      terminal.out(json ? `${JSON.stringify(found)}\n` : checkText(found));
      const damageCount = found.findings.filter(isDamage).length;
      if (damageCount > 0) throw new RunDamagedError(given, damageCount);
      const unreached = found.findings.filter(isUnchecked).map(({ place }) => place);
      if (unreached.length > 0) throw new RunUncheckedError(given, [...new Set(unreached)]);
    });
}

/** The one file that the journal has no digest of. @throws UsageError where there is no run; RunFormatNewerError */
async function checkStatus(path: string, given: string): Promise<readonly Finding[]> {
  try {
    if ((await readRun(path)) ?? (await holdsOlderRun(path))) return [];
  } catch (thrown) {
    if (!(thrown instanceof RunStatusDamagedError)) throw thrown;
    const remedy = 'start the run again: it is written anew from the journal';
    return [{ severity: 'damage', place: 'status.json', problem: thrown.message, remedy }];
  }
  throw new UsageError(`Expected the directory of a run, got ${given}: no run is there`);
}

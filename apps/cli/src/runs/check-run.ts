/** @file Has the trainer's program check a run: an app reaches another as a process, never as code. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childEnvironment } from '#platform/config';

export interface Finding {
  readonly severity: 'damage' | 'notice';
  readonly place: string;
  readonly problem: string;
  readonly remedy: string;
}

/** As `fsck-main.js` of the trainer prints it. */
export interface CheckedRun {
  /** Empty when not even that could be read. */
  readonly runId: string;
  readonly findings: readonly Finding[];
  readonly checked: Readonly<Record<'units' | 'steps' | 'metaStates' | 'scores' | 'artifacts' | 'files', number>>;
}

const PROGRAM = fileURLToPath(new URL('../../../trainer/src/fsck-main.js', import.meta.url));
/** Of the findings as text; a ledger with a hundred thousand altered rows fits. */
const OUTPUT_BYTES_MAX = 64 * 2 ** 20;

export async function checkRun(directory: string, base: string | undefined): Promise<CheckedRun> {
  const args = ['--enable-source-maps', PROGRAM, directory, ...(base === undefined ? [] : [base])];
  const options = { maxBuffer: OUTPUT_BYTES_MAX, env: childEnvironment({}) };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return JSON.parse(stdout) as CheckedRun;
}

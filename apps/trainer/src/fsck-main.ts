/**
 * @file Checks a run directory and prints what it found as one JSON object. `metaapo fsck` runs it as a process of its own,
 * since an app reaches another only so: `node fsck-main.js RUN_DIRECTORY [BASE_DIRECTORY]`.
 */
import { fsckRun } from './domain/fsck/fsck-run.js';

const [runDirectory = '.', baseDirectory] = process.argv.slice(2);
const report = await fsckRun(runDirectory, baseDirectory === undefined ? {} : { baseDirectory });
process.stdout.write(`${JSON.stringify(report)}\n`);

/**
 * @file Checks everything that a run has written against the digests that were written with it: the database's own
 * structure, every unit, step, state and score, every artifact, and what the run has left. Changes nothing.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { digestOf, messageOf, type Digest } from '#core';
import { POLICY_RECORD_FILE, isUrl, parsePolicyRecord, parseRunConfig } from '#run-config';
import { describeHolder, holderLiveness, readHolder } from '#run-directory';
import { CONFIG_TEXT, FINISHED } from '../run/run-directory.js';
import type { Artifacts } from '../storage/artifacts.js';
import { artifactFileName } from '../storage/folder-artifacts.js';
import { BaseFolderUnknownError } from '../storage/database.errors.js';
import type { StepRecord } from '../storage/journal.js';
import { openLedgerToRead } from '../storage/open-ledger.js';
import { openStorageToRead, type StorageToRead } from '../storage/storage-to-read.js';
import { checkJournal } from './check-journal.js';
import { checkLedger } from './check-ledger.js';
import { checkOutputs } from './check-outputs.js';
import { Findings, RESTORE_JOURNAL, isStorageAway, type FsckReport } from './finding.js';

export interface FsckOptions {
  /** Folder that the configuration's paths start from. @default what the run says of it */
  readonly baseDirectory?: string;
}

/** Never rejects for what is wrong with the run: that is what it finds. */
export async function fsckRun(runDirectory: string, { baseDirectory }: FsckOptions = {}): Promise<FsckReport> {
  const directory = resolve(runDirectory);
  const findings = new Findings();
  const holder = await readHolder(directory);
  if (holder && holderLiveness(holder) === 'alive') {
    const problem = `${describeHolder(holder)} works on the run`;
    findings.notice(
      'holder.json',
      problem,
      'check again when it has ended: what changes meanwhile may be reported as missing',
    );
  }
  let storage: StorageToRead | undefined;
  let runId = '';
  try {
    const base = baseDirectory ?? (await baseOf(directory));
    storage = await openStorageToRead(directory, base);
    for (const problem of await storage.structureProblems()) {
      findings.damage(storage.place, `expected a sound database, found: ${problem}`, RESTORE_JOURNAL);
    }
    runId = (await storage.journal.fact('run_id')) ?? '';
    await checkJournal(storage.database, findings);
    await checkLedger(storage.database, 'the ledger of the run', findings);
    await checkConfig(directory, storage, findings);
    await checkSharedLedger(directory, base, findings);
    const artifacts = await storage.openArtifacts();
    await checkArtifacts(storage, artifacts, findings);
    await checkRunOutputs(directory, { storage, artifacts, runId }, findings);
  } catch (error) {
    if (error instanceof BaseFolderUnknownError)
      findings.notice('storage.json', messageOf(error), 'name it with --base');
    else findings.failed(storage?.place ?? 'run.sqlite', error, RESTORE_JOURNAL);
  } finally {
    await storage?.close();
  }
  return { runId, findings: findings.list, checked: findings.checked };
}

async function checkConfig(directory: string, { journal }: StorageToRead, findings: Findings): Promise<void> {
  const expected = await journal.fact('input.config');
  const remedy = 'start the run again with the configuration that it was begun with: the file is written anew';
  try {
    const text = await readFile(join(directory, 'config.yaml'), 'utf8');
    const { digest } = parseRunConfig(text);
    findings.checked.files += 1;
    // A version that knows further settings names the same text by another digest.
    if (digest === expected || digestOf(text) === (await journal.fact(CONFIG_TEXT))) return;
    findings.damage('config.yaml', `expected the configuration ${expected}, found ${digest}`, remedy);
  } catch (error) {
    findings.damage('config.yaml', messageOf(error), remedy);
  }
}

async function checkSharedLedger(directory: string, base: string | undefined, findings: Findings): Promise<void> {
  const ledger = await readFile(join(directory, 'config.yaml'), 'utf8').then(
    (text) => parseRunConfig(text).config.ledger,
    () => null,
  );
  if (ledger === null) return;
  if (!isUrl(ledger) && base === undefined) {
    const problem = `shared ledger ${ledger} was not checked: the run does not say which folder its path starts from`;
    findings.notice('config.yaml', problem, 'name the folder with --base');
    return;
  }
  try {
    const database = await openLedgerToRead(isUrl(ledger) ? ledger : resolve(base ?? '', ledger));
    try {
      await checkLedger(database, `the shared ledger ${ledger}`, findings);
    } finally {
      await database.close();
    }
  } catch (error) {
    findings.failed(
      `the shared ledger ${ledger}`,
      error,
      'restore it from a copy; a run goes on without its scores, and pays again',
    );
  }
}

/** The folder that the configuration's paths start from, as `policy.json` has it. */
async function baseOf(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, POLICY_RECORD_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return resolve(directory, parsePolicyRecord(text, POLICY_RECORD_FILE).base_directory);
  } catch {
    return undefined;
  }
}

async function checkArtifacts(storage: StorageToRead, artifacts: Artifacts, findings: Findings): Promise<void> {
  const inUse = await storage.journal.artifactsInUse();
  for (const digest of inUse) {
    findings.checked.artifacts += 1;
    const problem = await artifacts.get(digest).then(
      () => undefined,
      (error: unknown) => {
        // The others lie there too: asking for each would wait as long again, and tell the same.
        if (isStorageAway(error)) throw error;
        return messageOf(error);
      },
    );
    if (problem !== undefined)
      findings.damage(`artifacts/${artifactFileName(digest)}`, problem, 'restore it from a copy, or start a new run');
  }
  await noticeLeftovers(storage, inUse, findings);
}

async function noticeLeftovers(
  { folder }: StorageToRead,
  inUse: ReadonlySet<Digest>,
  findings: Findings,
): Promise<void> {
  if (folder === undefined) return;
  const names = new Set([...inUse].map(artifactFileName));
  // A folder that is gone has no leftovers; what should lie in it was told of.
  const left = (await readdir(folder).catch((): string[] => [])).filter((name) => !names.has(name));
  if (left.length === 0) return;
  const problem = `${left.length} files that the journal does not name, such as ${left[0]}`;
  findings.notice('artifacts', problem, 'nothing: the next start of the run removes them');
}

async function checkRunOutputs(
  directory: string,
  {
    storage,
    artifacts,
    runId,
  }: { readonly storage: StorageToRead; readonly artifacts: Artifacts; readonly runId: string },
  findings: Findings,
): Promise<void> {
  const { journal, database } = storage;
  const phases = await database.all(
    `SELECT iteration, phase FROM steps GROUP BY iteration, phase ORDER BY iteration, phase DESC`,
  );
  const lastSteps: StepRecord[] = [];
  for (const row of phases) {
    const last = (await journal.steps(Number(row['iteration']), String(row['phase']))).at(-1);
    if (last) lastSteps.push(last);
  }
  const isFinished = (await journal.fact(FINISHED)) !== undefined;
  await checkOutputs({ directory, journal, artifacts, runId, lastSteps, isFinished }, findings);
}

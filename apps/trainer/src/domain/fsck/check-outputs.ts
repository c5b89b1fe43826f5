/** @file What a run has left against its journal: adapter or model, φ, report. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, digestOf, messageOf, type Digest } from '#core';
import { ADAPTER_WEIGHTS_FILE } from '#ml/adapters';
import { openCheckpoint } from '#ml/checkpoint';
import { parseReportData } from '#report';
import { POLICY_RECORD_FILE, parsePolicyRecord } from '#run-config';
import { tensorsFromBytes, tensorsToBytes } from '../run/adapter-shelf.js';
import type { Artifacts } from '../storage/artifacts.js';
import type { Journal, StepRecord } from '../storage/journal.js';
import { RUN_AGAIN, type Findings } from './finding.js';

export interface OutputsToCheck {
  readonly directory: string;
  readonly journal: Journal;
  readonly artifacts: Artifacts;
  readonly runId: string;
  /** Steps that end a phase, in order. */
  readonly lastSteps: readonly StepRecord[];
  /** True once the run has succeeded: then outputs must be there. */
  readonly isFinished: boolean;
}

export async function checkOutputs(outputs: OutputsToCheck, findings: Findings): Promise<void> {
  await checkPolicyRecord(outputs, findings);
  const isFull = await exists(join(outputs.directory, 'model'));
  await checked(outputs, isFull ? 'model' : `adapter/${ADAPTER_WEIGHTS_FILE}`, findings, async (path) => {
    const expected = outputs.lastSteps.at(-1)?.adapterArtifact;
    if (!expected) return undefined;
    return isFull ? await modelProblem(path, expected, outputs) : await adapterProblem(path, expected);
  });
  await checked(
    outputs,
    'meta-learner.json',
    findings,
    async (path) => await metaLearnerProblem(path, outputs.journal),
  );
  await checked(outputs, 'report.json', findings, async (path) => await reportProblem(path, outputs));
}

/** Checks one output, where it is there; one of a finished run must be. */
async function checked(
  { directory, isFinished, journal }: OutputsToCheck,
  name: string,
  findings: Findings,
  problemOf: (path: string) => Promise<string | undefined>,
): Promise<void> {
  const path = join(directory, name);
  if (!(await exists(path))) {
    const isOptional = name === 'meta-learner.json' && (await journal.metaStates()).length === 0;
    if (isFinished && !isOptional)
      findings.damage(name, 'expected it, since the run has finished; found nothing', RUN_AGAIN);
    return;
  }
  // A run that goes on writes the adapter at its end; what lies there may be of an earlier end.
  if (!isFinished && name !== 'report.json') return;
  findings.checked.files += 1;
  try {
    const problem = await problemOf(path);
    if (problem !== undefined) findings.damage(name, problem, RUN_AGAIN);
  } catch (error) {
    findings.failed(name, error, RUN_AGAIN);
  }
}

async function adapterProblem(path: string, expected: Digest): Promise<string | undefined> {
  const found = digestOf(tensorsToBytes(tensorsFromBytes(await readFile(path), path)));
  return found === expected ? undefined : `expected the tensors of the last step, ${expected}, found ${found}`;
}

/** A model folder leaves out what its architecture does not use; what it has is what was trained. */
async function modelProblem(
  path: string,
  expected: Digest,
  { artifacts }: OutputsToCheck,
): Promise<string | undefined> {
  const trained = tensorsFromBytes(await artifacts.get(expected), expected);
  const { tensors } = await openCheckpoint(path);
  for (const [name, { data }] of tensors) {
    const last = trained.get(name);
    if (!last) return `expected the tensors of the last step, found ${name}, which it has not`;
    if (digestOf(bytesOf(data)) !== digestOf(bytesOf(last.data))) {
      return `expected tensor ${name} as the last step left it, found it altered`;
    }
  }
  return undefined;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function metaLearnerProblem(path: string, journal: Journal): Promise<string | undefined> {
  const last = (await journal.metaStates()).at(-1);
  if (!last) return 'expected none, since no meta-learner was in play; found one';
  const found = canonicalJson(JSON.parse(await readFile(path, 'utf8')));
  const isSame = found === canonicalJson(JSON.parse(last.state));
  return isSame ? undefined : `expected state ${last.version} of the meta-learner, found another`;
}

async function reportProblem(path: string, { runId, journal }: OutputsToCheck): Promise<string | undefined> {
  const report = parseReportData(await readFile(path, 'utf8'), path);
  if (report.runId !== runId) return `expected the report of run ${runId}, found that of ${report.runId}`;
  const paid = journal.totals.counter('paid.training');
  if (report.state === 'succeeded' && report.annotations.used !== paid) {
    return `expected ${paid} paid annotations, found ${report.annotations.used}`;
  }
  return undefined;
}

/** `policy.json` names an adapter that the journal has. */
async function checkPolicyRecord({ directory, journal }: OutputsToCheck, findings: Findings): Promise<void> {
  const text = await readFile(join(directory, POLICY_RECORD_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  findings.checked.files += 1;
  try {
    const { adapter_digest: adapter, artifact } = parsePolicyRecord(text, POLICY_RECORD_FILE);
    const held = await journal.adapterArtifact(adapter as Digest);
    if (held === artifact) return;
    findings.damage(POLICY_RECORD_FILE, `expected an adapter of the journal, found ${adapter}`, RUN_AGAIN);
  } catch (error) {
    findings.damage(POLICY_RECORD_FILE, messageOf(error), RUN_AGAIN);
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * @file The texts behind a run's scores: what its ledger has paid for, with prompts from the run's data and responses from
 * its journal. The ledger knows texts by their digests alone, so both are looked up by them. Changes nothing.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Prompt } from '#contracts/common';
import { digestOfJson, type Digest } from '#core';
import { POLICY_RECORD_FILE, isUrl, parsePolicyRecord, parseRunConfig, type RunConfig } from '#run-config';
import { answerOf } from '../phases/judge.js';
import type { GenerateResult } from '../ports/policy-port.js';
import type { Answer } from '../ports/reward-port.js';
import { readData } from '../run/run-inputs.js';
import { BaseFolderUnknownError } from '../storage/database.errors.js';
import { openLedgerToRead } from '../storage/open-ledger.js';
import type { SqlDatabase } from '../storage/sql/sql-database.js';
import { openStorageToRead, type StorageToRead } from '../storage/storage-to-read.js';
import { lastBoughtScores, type BoughtScore } from './bought-scores.js';

export interface AnnotatedResponse extends Answer {
  /** As it was bought. */
  readonly score: number;
}

/** A prompt with those of its responses that were scored. */
export interface AnnotatedPrompt {
  /** Of the first row with this prompt; `held-out/…` for a prompt of the evaluation. */
  readonly itemId: string;
  readonly prompt: Prompt;
  readonly responses: readonly AnnotatedResponse[];
}

export interface AnnotatedTexts {
  readonly runId: string;
  /** The prompts whose responses were scored last come first. */
  readonly items: readonly AnnotatedPrompt[];
  /** Scores whose texts are not in the run's data and journal any more. */
  readonly textlessCount: number;
}

export interface AnnotatedTextsOptions {
  /** Name of the reward model that was asked. */
  readonly rewardModel: string;
  /** Most scores to look at, the last ones bought. */
  readonly countMax: number;
  /** Folder that the configuration's paths start from. @default what the run says of it */
  readonly baseDirectory?: string | undefined;
}

/** @throws DatabaseDamagedError, JournalDamagedError, LedgerDamagedError, ConfigInvalidError, DataInvalidError, BaseFolderUnknownError */
export async function annotatedTexts(
  runDirectory: string,
  { rewardModel, countMax, baseDirectory }: AnnotatedTextsOptions,
): Promise<AnnotatedTexts> {
  const directory = resolve(runDirectory);
  const base = baseDirectory ?? (await baseOf(directory));
  const storage = await openStorageToRead(directory, base);
  try {
    const config = await configOf(directory);
    if (base === undefined) throw new BaseFolderUnknownError(config.data.train);
    const runId = (await storage.journal.fact('run_id')) ?? '';
    const scores = await withLedger(config, { storage, base }, (ledger) =>
      lastBoughtScores(ledger, { runId, rewardModel, countMax }),
    );
    const responses = await responsesOf(storage, new Set(scores.map(({ responseDigest }) => responseDigest)));
    const prompts = await promptsOf(config, base);
    return { runId, ...joined(scores, prompts, responses) };
  } finally {
    await storage.close();
  }
}

async function configOf(directory: string): Promise<RunConfig> {
  const text = await readFile(join(directory, 'config.yaml'), 'utf8').catch(() => '');
  return parseRunConfig(text).config;
}

/** The folder that the configuration's paths start from, where the run has come far enough to say it. */
async function baseOf(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, POLICY_RECORD_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return resolve(directory, parsePolicyRecord(text, POLICY_RECORD_FILE).base_directory);
}

/** The run's own ledger, or the one that it shares with others. */
async function withLedger<T>(
  { ledger }: RunConfig,
  { storage, base }: { readonly storage: StorageToRead; readonly base: string },
  work: (ledger: SqlDatabase) => Promise<T>,
): Promise<T> {
  if (ledger === null) return await work(storage.database);
  const database = await openLedgerToRead(isUrl(ledger) ? ledger : resolve(base, ledger));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Prompts by their digests; of two rows with one prompt the first names it. */
async function promptsOf(
  config: RunConfig,
  base: string,
): Promise<ReadonlyMap<Digest, Pick<AnnotatedPrompt, 'itemId' | 'prompt'>>> {
  const { rows, heldOut } = await readData(config, base);
  const named = [
    ...rows.map(({ id, prompt }) => ({ itemId: id, prompt })),
    ...heldOut.map(({ id, prompt }) => ({ itemId: `held-out/${id}`, prompt })),
  ];
  return new Map(named.toReversed().map((item) => [digestOfJson(item.prompt), item]));
}

/** Those samples of the run that are wanted, by their digests. */
async function responsesOf(
  { database, journal }: StorageToRead,
  wanted: ReadonlySet<Digest>,
): Promise<ReadonlyMap<Digest, Answer>> {
  const found = new Map<Digest, Answer>();
  const units = await database.all(
    `SELECT iteration, phase, unit, request_digest FROM units WHERE phase = 'generate' OR phase LIKE 'evaluate-%/generate'`,
  );
  for (const row of units) {
    const key = { iteration: Number(row['iteration']), phase: String(row['phase']), unit: Number(row['unit']) };
    const bytes = await journal.result(key, row['request_digest'] as Digest);
    if (!bytes) continue;
    const outcomes = JSON.parse(Buffer.from(bytes).toString('utf8')) as GenerateResult;
    for (const answer of outcomes.flatMap((outcome) => (outcome.ok ? outcome.value.map(answerOf) : []))) {
      const digest = digestOfJson(answer);
      if (wanted.has(digest)) found.set(digest, answer);
    }
  }
  return found;
}

function joined(
  scores: readonly BoughtScore[],
  prompts: ReadonlyMap<Digest, Pick<AnnotatedPrompt, 'itemId' | 'prompt'>>,
  responses: ReadonlyMap<Digest, Answer>,
): Pick<AnnotatedTexts, 'items' | 'textlessCount'> {
  const items = new Map<Digest, { readonly responses: AnnotatedResponse[] } & Omit<AnnotatedPrompt, 'responses'>>();
  let textlessCount = 0;
  for (const { promptDigest, responseDigest, score } of scores) {
    const prompt = prompts.get(promptDigest);
    const response = responses.get(responseDigest);
    if (!prompt || !response) {
      textlessCount += 1;
      continue;
    }
    const item = items.get(promptDigest) ?? { ...prompt, responses: [] };
    items.set(promptDigest, item);
    item.responses.push({ ...response, score });
  }
  return { items: [...items.values()], textlessCount };
}

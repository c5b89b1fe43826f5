/**
 * @file Tells where a training row came from: gate, samples, scores with their provenance, pair, weight at each use, traces.
 * From the journal alone, of a run that goes on, was interrupted or has finished; changes nothing and asks nobody.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { POLICY_RECORD_FILE, parsePolicyRecord, parseRunConfig, type RunConfig } from '#run-config';
import { bestAgainstWorst, isUsable, type Pairing } from '../algorithm/pairing.js';
import { NOT_GENERATED, SAMPLES_EMPTY } from '../degrade/row-losses.js';
import type { GenerateResult, RowStatistics, Sample } from '../ports/policy-port.js';
import { ITERATIONS_DONE } from '../run/run-directory.js';
import type { Journal } from '../storage/journal.js';
import { openStorageToRead } from '../storage/storage-to-read.js';
import { notesOf } from '../storage/unit-note.js';
import { RowUnknownError, RowsNotNotedError } from './explain.errors.js';
import type { RowAnnotation } from './row-annotation.js';
import { rowData } from './row-data.js';
import type { RowExplanation, RowFateName, RowUse, SampleFacts, UnitFacts } from './row-explanation.js';
import { rowGate } from './row-gate.js';
import { lossReason } from './row-loss.js';
import { rowPasses } from './row-passes.js';
import { UnitReader, type RowPlace } from './unit-reader.js';

export interface ExplainOptions {
  /** Folder that the configuration's paths start from. @default what the run says of it */
  readonly baseDirectory?: string | undefined;
}

/** @throws RowUnknownError, RowsNotNotedError, DatabaseDamagedError, JournalDamagedError, ConfigInvalidError, RunSchemaUnknownError */
export async function explainRow(
  runDirectory: string,
  itemId: string,
  { baseDirectory }: ExplainOptions = {},
): Promise<RowExplanation> {
  const directory = resolve(runDirectory);
  const base = baseDirectory ?? (await baseOf(directory));
  const storage = await openStorageToRead(directory, base);
  try {
    const config = parseRunConfig(await readFile(join(directory, 'config.yaml'), 'utf8').catch(() => '')).config;
    const { journal } = storage;
    const runId = (await journal.fact('run_id')) ?? '';
    const asked: Asked = { reader: new UnitReader(storage), journal, config, runId, itemId, base };
    return await explained(asked, await scoredPlace(asked));
  } finally {
    await storage.close();
  }
}

interface Asked {
  readonly reader: UnitReader;
  readonly journal: Journal;
  readonly config: RunConfig;
  readonly runId: string;
  readonly itemId: string;
  readonly base: string | undefined;
}

/** Where the row was scored: each row belongs to one iteration. */
async function scoredPlace({ reader, itemId, runId }: Asked): Promise<RowPlace> {
  const begun = await reader.iterations('score');
  for (const iteration of begun) {
    const place = await reader.find(iteration, 'score', itemId);
    if (place) return place;
  }
  const noted = new Set(await reader.iterations(notesOf('score')));
  const unnoted = begun.filter((iteration) => !noted.has(iteration));
  throw unnoted.length > 0
    ? new RowsNotNotedError(itemId, runId, unnoted)
    : new RowUnknownError(itemId, runId, begun.length);
}

async function explained(asked: Asked, scored: RowPlace): Promise<RowExplanation> {
  const { reader, journal, itemId, runId } = asked;
  const { iteration } = scored.key;
  const { annotation, pass, isMoved, ...inPasses } = await rowPasses(asked, { iteration, itemId });
  const gate = await rowGate(asked, scored);
  const places = [
    scored,
    await reader.find(iteration, 'gate', itemId),
    await reader.find(iteration, 'generate', itemId),
    await reader.find(iteration, 'score-online', itemId),
  ] as const;
  const uses = await usesOf(journal, iteration, itemId);
  const isOver = await hasEnded(asked, iteration, uses);
  const drawn = await samplesOf(reader, places[2]);
  const told = fateOf({ gate, drawn, annotation, isOver });
  const { phases } = inPasses;
  const closedBy = told.fate === 'lost' ? await lossReason(asked, { iteration, phases, annotation }) : '';
  const data = await rowData(itemId, asked);
  return {
    runId,
    itemId,
    iteration,
    fate: told.fate,
    fateReason: told.fate === 'lost' ? closedBy : told.reason,
    offlinePair: data.pair,
    gate: gate.facts,
    samples: sampleFacts(drawn.samples, annotation, told.pairing),
    rewardModel: pass.model,
    isMoved,
    isBackfilled: pass.kind === 'again' && annotation?.isLost === false,
    isOfflineOnly: told.fate === 'lost' && uses.some(({ phase }) => phase === 'train'),
    uses,
    units: unitFacts([...places.slice(0, 3), ...inPasses.places, places[3]]),
    gaps: gapsOf(data.gap, annotation),
  };
}

function gapsOf(dataGap: string | undefined, annotation: RowAnnotation | undefined): string[] {
  const hasNoOrigin = annotation?.texts.some(({ score, source }) => score !== null && source === undefined) ?? false;
  return [
    ...(dataGap === undefined ? [] : [dataGap]),
    ...(hasNoOrigin ? ['Where the scores came from: a version that did not note it bought them.'] : []),
  ];
}

interface Drawn {
  /** `pending`: nothing was drawn, or nothing yet. `failed`: the policy could not answer the prompt. */
  readonly kind: 'pending' | 'failed' | 'drawn';
  readonly samples: readonly Sample[];
}

async function samplesOf(reader: UnitReader, place: RowPlace | undefined): Promise<Drawn> {
  const outcome = place && (await reader.result<GenerateResult>(place))?.[place.index];
  if (!outcome) return { kind: 'pending', samples: [] };
  return outcome.ok ? { kind: 'drawn', samples: outcome.value } : { kind: 'failed', samples: [] };
}

interface Told {
  readonly fate: RowFateName;
  readonly reason: string;
  readonly pairing?: Pairing;
}

function fateOf({
  gate: { facts, decision },
  drawn,
  annotation,
  isOver,
}: {
  readonly gate: Awaited<ReturnType<typeof rowGate>>;
  readonly drawn: Drawn;
  readonly annotation: RowAnnotation | undefined;
  readonly isOver: boolean;
}): Told {
  const told = (fate: RowFateName, reason = ''): Told => ({ fate, reason });
  if (!facts) return told('unscored');
  if (decision === 'none') return told('ungated');
  if (decision === 'pending') return told('pending');
  if (!decision.sampled) return told('unsampled');
  if (drawn.kind === 'failed') return told('invalid', NOT_GENERATED);
  const usable = drawn.samples.filter(isUsable);
  if (drawn.kind === 'drawn' && usable.length === 0) return told('invalid', SAMPLES_EMPTY);
  if (!annotation || annotation.isLost) return told(isOver ? 'lost' : 'pending');
  const pairing = bestAgainstWorst(
    usable,
    annotation.texts.map(({ score }) => score),
  );
  if (pairing.kind === 'pair') return { ...told('paired'), pairing };
  return pairing.kind === 'tie' ? told('tied') : told('invalid', annotation.failureReason ?? SAMPLES_EMPTY);
}

/** The texts that were wanted are those of the usable samples, in order. */
function sampleFacts(
  samples: readonly Sample[],
  annotation: RowAnnotation | undefined,
  pairing: Pairing | undefined,
): SampleFacts[] {
  let next = 0;
  const pair = pairing?.kind === 'pair' ? pairing.pair : undefined;
  return samples.map((sample, index): SampleFacts => {
    const { text, tokenIds, logProbSum, finish } = sample;
    const drawn = { index, text, tokenCount: tokenIds.length, logProbSum, finish };
    if (!isUsable(sample)) return { ...drawn, reason: 'EMPTY' };
    const { score = null, source, provenance } = annotation?.texts[next++] ?? {};
    const role = sample === pair?.chosen ? 'chosen' : sample === pair?.rejected ? 'rejected' : undefined;
    return {
      ...drawn,
      ...(score !== null && { score }),
      ...(source && { source }),
      ...(provenance !== undefined && { provenance }),
      ...(role && { role }),
      reason: score === null && annotation && !annotation.isLost ? (annotation.failureReason ?? '') : '',
    };
  });
}

async function usesOf(journal: Journal, iteration: number, itemId: string): Promise<RowUse[]> {
  const steps = [...(await journal.steps(0, 'warm-up')), ...(await journal.steps(iteration, 'train'))];
  return steps.flatMap(({ phase, iteration: of, step, learningRate, adapterDigest, statistics }) => {
    const rows = (JSON.parse(statistics) as RowStatistics[]).filter((row) => row.itemId === itemId);
    return rows.map(({ itemId: _itemId, ...seen }) => ({
      phase,
      iteration: of,
      step,
      learningRate,
      adapterDigest,
      ...seen,
    }));
  });
}

/** True when nothing more can become of the row. */
async function hasEnded({ journal, config }: Asked, iteration: number, uses: readonly RowUse[]): Promise<boolean> {
  if (Number((await journal.fact(ITERATIONS_DONE)) ?? '0') > iteration) return true;
  if (uses.some(({ phase }) => phase === 'train')) return true;
  // A shuffle begins when every row is known.
  return config.optimizer.order === 'shuffled' && (await journal.steps(iteration, 'train')).length > 0;
}

function unitFacts(places: readonly (RowPlace | undefined)[]): UnitFacts[] {
  return places.flatMap((place) => {
    if (!place) return [];
    const { key, note, elapsedMs } = place;
    return [{ phase: key.phase, unit: key.unit, traceId: note.traceId ?? '', elapsedMs }];
  });
}

/** The folder that the configuration's paths start from, where the run has come far enough to say it. */
async function baseOf(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, POLICY_RECORD_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return resolve(directory, parsePolicyRecord(text, POLICY_RECORD_FILE).base_directory);
}

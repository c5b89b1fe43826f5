/**
 * @file How often can a run make something durable, and look up what it has paid for? A commit of one annotation unit with its
 * sync to the disk, and the scores of one unit's texts in a ledger of some size; SQLite in a folder of the temporary files.
 */
import { digestOf, systemClock } from '#core';
import type { LedgerEntry, LedgerKey } from '../apps/trainer/src/domain/storage/ledger.js';
import { openRunStorage, type RunStorage } from '../apps/trainer/src/domain/storage/run-storage.js';
import type { Benchmark } from './benchmark.js';
import { median } from './measurement.js';

const JOB = 'storage';
const COMMITS = 200;
/** What the result of a unit of 64 texts takes as JSON. */
const RESULT_BYTES = 4096;
const LEDGER_ENTRIES = 20_000;
const LOOKUPS = 500;
const KEYS_PER_LOOKUP = 64;

export const storage: Benchmark = async ({ rounds }, { folder, say }) => {
  say(`${COMMITS} commits, ${LOOKUPS} look-ups of ${KEYS_PER_LOOKUP} texts`);
  const opened = await openRunStorage(folder, { clock: systemClock, newRunId: 'bench' });
  try {
    await fill(opened);
    const commits: number[] = [];
    const lookups: number[] = [];
    for (let round = 0; round < rounds; round++) {
      commits.push(await perSecond(COMMITS, (index) => commit(opened, round, index)));
      const scores = (index: number) => opened.ledger.scores(keysFrom((index * KEYS_PER_LOOKUP) % LEDGER_ENTRIES));
      lookups.push(KEYS_PER_LOOKUP * (await perSecond(LOOKUPS, scores)));
    }
    return [
      { job: JOB, name: 'journal commits, each on the disk', value: median(commits), unit: 'commits/s' },
      {
        job: JOB,
        name: `ledger look-ups among ${LEDGER_ENTRIES} scores`,
        value: median(lookups),
        unit: 'look-ups/s',
        note: `${KEYS_PER_LOOKUP} at a time`,
      },
    ];
  } finally {
    await opened.close();
  }
};

async function perSecond(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const startMs = systemClock.monotonicMs();
  for (let index = 0; index < count; index++) await work(index);
  return (1000 * count) / (systemClock.monotonicMs() - startMs);
}

async function commit({ journal }: RunStorage, round: number, unit: number): Promise<void> {
  const requestDigest = digestOf(`${round} ${unit}`);
  const entry = { key: { iteration: round, phase: 'annotate', unit }, requestDigest, elapsedMs: 1 };
  await journal.commit({
    units: [{ ...entry, result: new Uint8Array(RESULT_BYTES) }],
    counters: { 'paid.training': 1 },
  });
}

async function fill({ ledger }: RunStorage): Promise<void> {
  const buyer = { runId: 'bench', attempt: 1, unit: 'fill' };
  for (let start = 0; start < LEDGER_ENTRIES; start += KEYS_PER_LOOKUP) {
    const entries = keysFrom(start).map((key, index): LedgerEntry => {
      return { ...key, score: index, components: {}, provenance: '{}' };
    });
    await ledger.add(entries, { buyer, purpose: 'training' });
  }
}

function keysFrom(start: number): LedgerKey[] {
  return Array.from({ length: KEYS_PER_LOOKUP }, (_, index) => {
    const digest = digestOf(String(start + index));
    return { weightsDigest: 'sha256:bench', promptDigest: digest, responseDigest: digest };
  });
}

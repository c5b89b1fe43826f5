/**
 * @file Several entrants at one job, in turns: A B C, A B C, …, so that what else the machine does meets them all.
 *
 * A ratio is taken round by round, then the median; the best time of each stands beside it. Who needs more than half as
 * long again as the fastest of the same group has one measured round only, since a slower way to do the same decides nothing;
 * who needs three times as long when warming up has none, and that time stands for it.
 */
import { present } from '#core';
import type { MatrixPeak } from './matrix-peak.js';
import { median, type Measurement } from './measurement.js';

export interface Entrant {
  readonly name: string;
  /** Entrants of one group are ways of the same program. */
  readonly group: string;
  /** Does the job once; seconds. Throws where it cannot. */
  run(): Promise<number>;
}

export interface Times {
  readonly entrant: Entrant;
  /** By round; a round that was left out is a hole. */
  readonly seconds: readonly (number | undefined)[];
  /** Why it does not take part. */
  readonly failure?: string;
}

const SLOWER_FACTOR = 1.5;
const HOPELESS_FACTOR = 3;

/** One round that is not counted, then `rounds` that are; the peak of the machine is tried before each. */
export async function takeTurns(
  entrants: readonly Entrant[],
  { rounds, peak, say }: { readonly rounds: number; readonly peak?: MatrixPeak; readonly say: (line: string) => void },
): Promise<Times[]> {
  const rows = entrants.map((entrant) => ({
    entrant,
    warmUp: Infinity,
    seconds: [] as (number | undefined)[],
    failure: undefined as string | undefined,
  }));
  for (let round = -1; round < rounds; round++) {
    await peak?.measure();
    for (const row of rows) {
      if (row.failure !== undefined) continue;
      const isLeftOut = (round === 0 && isHopeless(row, rows)) || (round >= 1 && isSlow(row, rows));
      const seconds = isLeftOut ? undefined : await attempt(row);
      if (round < 0) row.warmUp = seconds ?? Infinity;
      else row.seconds.push(round === 0 && isLeftOut ? row.warmUp : seconds);
      if (seconds !== undefined)
        say(`${round < 0 ? 'warm-up' : `round ${round + 1}`}  ${row.entrant.name}  ${seconds.toFixed(2)} s`);
    }
  }
  return rows.map(({ entrant, seconds, failure }) => ({
    entrant,
    seconds,
    ...(failure !== undefined && { failure }),
  }));
}

async function attempt(row: { readonly entrant: Entrant; failure: string | undefined }): Promise<number | undefined> {
  try {
    return await row.entrant.run();
  } catch (error) {
    row.failure = error instanceof Error ? error.message : String(error);
    return undefined;
  }
}

interface Row {
  readonly entrant: Entrant;
  readonly warmUp: number;
  readonly seconds: readonly (number | undefined)[];
}

const isHopeless = (row: Row, rows: readonly Row[]): boolean =>
  row.warmUp > HOPELESS_FACTOR * fastestBy(row.entrant.group, rows, ({ warmUp }) => warmUp);

const isSlow = (row: Row, rows: readonly Row[]): boolean =>
  bestOf(row) > SLOWER_FACTOR * fastestBy(row.entrant.group, rows, bestOf);

function fastestBy(group: string, rows: readonly Row[], secondsOfRow: (row: Row) => number): number {
  return Math.min(...rows.filter(({ entrant }) => entrant.group === group).map(secondsOfRow));
}

/** Infinity where nothing was measured. */
export function bestOf({ seconds }: Pick<Times, 'seconds'>): number {
  return Math.min(Infinity, ...seconds.filter((value) => value !== undefined));
}

/** The fastest of a group, by its best time; undefined where none took part. */
export function fastestOf(times: readonly Times[], group: string): Times | undefined {
  const members = times.filter(
    ({ entrant, seconds }) => entrant.group === group && Number.isFinite(bestOf({ seconds })),
  );
  return members.toSorted((a, b) => bestOf(a) - bestOf(b))[0];
}

/** How many times as fast as `other` we are: the median of the rounds in which both were measured. */
export function ratio(
  ours: Times,
  other: Times,
  facts: { readonly job: string; readonly goal?: number; readonly note?: string },
): Measurement {
  const { job, goal, note } = facts;
  const rounds = other.seconds.flatMap((seconds, round) => {
    const own = ours.seconds[round];
    return seconds === undefined || own === undefined ? [] : [seconds / own];
  });
  return {
    job,
    name: `${ours.entrant.name}, against ${other.entrant.name}`,
    value: median(rounds),
    unit: '× as fast',
    rounds,
    ...(goal !== undefined && { goal: { relation: 'at least', bound: goal } }),
    ...(note !== undefined && { note }),
  };
}

/** Best and median seconds of everyone, and who could not take part. */
export function timesOf(job: string, times: readonly Times[]): Measurement[] {
  return times.flatMap((row): Measurement[] => {
    const name = row.entrant.name;
    if (row.failure !== undefined) return [{ job, name, value: Number.NaN, unit: 's', note: row.failure }];
    const measured = row.seconds.filter((value) => value !== undefined);
    return [
      {
        job,
        name,
        value: bestOf(row),
        unit: 's',
        note: `median ${median(measured).toFixed(2)} of ${measured.length}`,
      },
    ];
  });
}

export function named(times: readonly Times[], name: string): Times {
  return present(
    times.find(({ entrant }) => entrant.name === name),
    `entrant ${name}`,
  );
}

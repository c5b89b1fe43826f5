/** @file From files to the pairs that are trained on and those that are held out, with a count of everything left out. */
import { Rng, type Digest } from '#core';
import { loadPreferences } from '#ml/data';
import { encodePairs, type EncodeOptions, type EncodedPair } from './encode-pairs.js';
import { overlapOf, splitHeldOut, type Overlap, type SplitPairs } from './held-out.js';
import { MarginsIncompleteError, PairUnusableError, PairsMissingError } from './reward-training.errors.js';
import type { RewardTrainingSettings } from './settings.js';

/** What became of the rows of the files. */
export interface DataCounts {
  readonly trainPairs: number;
  readonly heldOutPairs: number;
  /** Rows that the loader refused. */
  readonly badRows: number;
  /** Pairs that template or tokenizer refuse. */
  readonly unusable: number;
  readonly tooLong: number;
  /** Pairs of which the model would read the same twice. */
  readonly same: number;
  /** Pairs that say how far apart they shall be. */
  readonly withMargin: number;
}

export interface ReadPairs extends SplitPairs {
  readonly counts: DataCounts;
  readonly overlap: Overlap;
  /** Of the files' bytes. */
  readonly trainDigest: Digest;
  readonly heldOutDigest: Digest | null;
}

type ReadSettings = Pick<RewardTrainingSettings, 'seed' | 'data' | 'evaluation'>;

/** @throws DataInvalidError, PairUnusableError, MarginsIncompleteError, PairsMissingError */
export async function readPairs(settings: ReadSettings, options: EncodeOptions): Promise<ReadPairs> {
  const { seed, data, evaluation } = settings;
  const training = await readFile(data.trainPath, settings, options);
  const kept = data.rowsMax === null ? training.pairs : seeded(training.pairs, seed).slice(0, data.rowsMax);
  const separate = evaluation.heldOutPath === null ? null : await readFile(evaluation.heldOutPath, settings, options);
  const split: SplitPairs = separate
    ? { train: kept, heldOut: separate.pairs.slice(0, evaluation.rowsMax ?? undefined) }
    : splitHeldOut(kept, { seed, fraction: evaluation.fraction });
  if (split.train.length === 0) {
    const problem = `${kept.length} pairs of one prompt cannot be parted into some to train on and some to hold out`;
    throw new PairsMissingError(data.trainPath, `${problem}. Give more prompts, or a file as evaluation.held_out`);
  }
  const files = separate ? [training, separate] : [training];
  const sum = (of: (file: FilePairs) => number) => files.reduce((total, file) => total + of(file), 0);
  return {
    ...split,
    overlap: overlapOf(split),
    counts: {
      trainPairs: split.train.length,
      heldOutPairs: split.heldOut.length,
      badRows: sum((file) => file.badRowCount),
      unusable: sum((file) => file.unusableCount),
      tooLong: sum((file) => file.tooLongCount),
      same: sum((file) => file.sameCount),
      withMargin: split.train.filter(({ hasMargin }) => hasMargin).length,
    },
    trainDigest: training.digest,
    heldOutDigest: separate?.digest ?? null,
  };
}

interface FilePairs {
  readonly pairs: readonly EncodedPair[];
  readonly digest: Digest;
  readonly badRowCount: number;
  readonly unusableCount: number;
  readonly tooLongCount: number;
  readonly sameCount: number;
}

async function readFile(path: string, { data }: ReadSettings, options: EncodeOptions): Promise<FilePairs> {
  const { badRowsMax, marginColumn } = data;
  const { rows, rejected, digest } = await loadPreferences(path, {
    badRowsMax,
    marginColumn: marginColumn ?? undefined,
  });
  const { pairs, tooLongCount, sameCount, unusable } = encodePairs(rows.values(), options);
  const [first] = unusable;
  if (first && rejected.length + unusable.length > badRowsMax) {
    throw new PairUnusableError(path, first.rowId, unusable.length, first.error);
  }
  if (pairs.length === 0) {
    const why = `${tooLongCount} are longer than ${options.tokensMax} tokens, ${sameCount} read the same twice, ${unusable.length} cannot be rendered`;
    throw new PairsMissingError(path, `none of ${rows.size} pairs can be used: ${why}. See training.max_length`);
  }
  const withMargin = pairs.filter(({ hasMargin }) => hasMargin).length;
  if (withMargin > 0 && withMargin < pairs.length) {
    throw new MarginsIncompleteError(path, marginColumn ?? 'margin', { withMargin, pairs: pairs.length });
  }
  return { pairs, digest, badRowCount: rejected.length, unusableCount: unusable.length, tooLongCount, sameCount };
}

function seeded(pairs: readonly EncodedPair[], seed: number): readonly EncodedPair[] {
  return new Rng('kept pairs', seed).shuffled(pairs);
}

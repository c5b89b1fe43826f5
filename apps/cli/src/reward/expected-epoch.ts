/** @file The epoch that a swap is made from: who swaps names it, so that nobody swaps what another has just swapped. */
import { Option } from 'commander';
import { UsageError } from '../cli.errors.js';
import { wholeNumber } from '../commands/option-values.js';
import { epochOf, type Slots } from './slots.js';

export function expectedEpochOption(): Option {
  return new Option(
    '--expected-epoch <EPOCH>',
    'epoch in service that you know of; refused when it is another (default: the one in service now)',
  ).argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER));
}

/** The one that was given, or the one that is in service. @throws UsageError for a repetition that names none */
export function expectedEpoch(
  { expectedEpoch: given }: { readonly expectedEpoch?: number },
  slots: Slots | undefined,
): number {
  if (given !== undefined) return given;
  if (slots) return epochOf(slots.live);
  throw new UsageError('--request-id repeats a request: give the --expected-epoch that it had, too');
}

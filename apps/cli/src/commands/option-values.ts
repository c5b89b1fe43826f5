/** @file Numbers and durations in options, each with its range; what is out of it ends in one clear line. */
import { InvalidArgumentError, Option } from 'commander';
import { duration, durationMs } from '#run-config';

/** A parser for a whole number within bounds, both included. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

/** A parser for a number within bounds, both included. */
export function realNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a number from ${min} to ${max}.`);
  };
}

/** A parser for a probability in (0, 1]. */
export function probability(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a number above 0 and at most 1.');
}

const timeout = duration({ min: '1s', max: '20d' });

/** A parser for how long something may take, written like `90s` or `10m`; gives milliseconds. */
function timeoutMs(text: string): number {
  const parsed = timeout.safeParse(text);
  if (parsed.success) return durationMs(parsed.data);
  throw new InvalidArgumentError(`Expected ${parsed.error.issues[0]?.message}.`);
}

const UNIT_TIMEOUT = '30m';

/** Deadline of one unit's call, in milliseconds. */
export function unitTimeoutOption(): Option {
  return timeoutOption(UNIT_TIMEOUT, 'longest time of one unit of rows, for instance 90s or 2h');
}

/** `--timeout`, in milliseconds. */
export function timeoutOption(byDefault: string, description: string): Option {
  return new Option('--timeout <DURATION>', description).argParser(timeoutMs).default(timeoutMs(byDefault), byDefault);
}

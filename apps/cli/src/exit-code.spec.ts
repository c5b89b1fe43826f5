import { describe, it } from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import { CommanderError } from 'commander';
import { FileUnusableError, InterruptedError, RunFailedError, RunUncheckedError, UsageError } from './cli.errors.js';
import { endingOf } from './exit-code.js';

describe('exit codes', () => {
  it('tell failure, usage and interruption apart', () => {
    equal(endingOf(new RunFailedError('POLICY_UNAVAILABLE', 'gone')).exitCode, 1);
    equal(endingOf(new FileUnusableError('disk full')).exitCode, 1);
    equal(endingOf(new UsageError('what?')).exitCode, 2);
    equal(endingOf(new RunFailedError('CONFIG_INVALID', 'seed')).exitCode, 2);
    equal(endingOf(new RunUncheckedError('run', ['s3://bucket/run/'])).exitCode, 3);
    equal(endingOf(new InterruptedError('go on with: metaapo run a.yaml')).exitCode, 130);
  });

  it('take 0 for help and 2 for what commander refuses, which has been told by then', () => {
    deepEqual(endingOf(new CommanderError(0, 'commander.helpDisplayed', '')), { exitCode: 0 });
    deepEqual(endingOf(new CommanderError(1, 'commander.unknownOption', 'x')), { exitCode: 2 });
  });

  it('name the code of an error and show where a defect is', () => {
    equal(endingOf(new RunFailedError('A_CODE', 'text')).message, 'error: A_CODE: text');
    match(endingOf(new TypeError('odd')).message ?? '', /please report it:\nTypeError: odd\n\s+at /);
  });
});

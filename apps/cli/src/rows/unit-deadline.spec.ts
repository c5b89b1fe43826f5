/** Goal: a policy service that hangs ends the command by name; other failures keep theirs. Method: a tiny real service. */
import { describe, it } from 'node:test';
import { equal, rejects, throws } from 'node:assert/strict';
import { UsageError } from '../cli.errors.js';
import { unitTimeoutOption } from '../commands/option-values.js';
import { startTinyRig } from '../../../../test/support/tiny-rig.js';
import { generateRows } from './generate-rows.js';

const { behaviour, policy: client } = await startTinyRig();
const rows = [{ id: 'a', prompt: { text: 'x' }, responses: [] }];
const options = { sampleCount: 1, sampling: {}, seed: 1 };
const generate = (unitTimeoutMs: number) =>
  generateRows({ client, policy: '', unitItemsMax: 8, unitTimeoutMs }, rows, options);

describe('the deadline of a unit', () => {
  it('ends a call that is never answered, and says what to do', async () => {
    behaviour.generate = async function* (_, { signal }) {
      yield {};
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    };
    await rejects(generate(50), {
      code: 'UNIT_TIMED_OUT',
      message: /did not answer 1 rows within 0\.05 s.*--timeout/,
    });
  });

  it('leaves other failures as they are', async () => {
    behaviour.generate = async function* () {
      yield {};
      throw new UsageError('no');
    };
    await rejects(generate(60_000), { code: 'USAGE' });
  });

  it('is half an hour unless told, and no more than a timer can wait', () => {
    const parse = (text: string) => unitTimeoutOption().parseArg?.(text, undefined);
    equal(unitTimeoutOption().defaultValue, 1_800_000);
    equal(parse('2h'), 7_200_000);
    for (const text of ['0s', '21d', '90', '']) {
      throws(() => parse(text), /Expected a duration from 1s to 20d/);
    }
  });
});

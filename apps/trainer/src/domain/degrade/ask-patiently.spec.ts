/** @file Failures of every response that say that what scores is away, whatever server it stands behind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { protoRoot } from '#contracts';
import { AnnotatorFailedError } from './degrade.errors.js';
import { askPatiently, type PatientCall } from './ask-patiently.js';

const calm = new AbortController().signal;

/** Tells an outage at once. */
const guard = {
  call: async ({ attempt, isOutage }: { attempt: () => Promise<unknown>; isOutage: (error: unknown) => boolean }) => {
    try {
      return { kind: 'answered', value: await attempt() };
    } catch (error) {
      if (!isOutage(error)) throw error;
      return { kind: 'lost', error };
    }
  },
};

async function outcomeOf(reason: string, hasWorked = true): Promise<string> {
  const response = { ok: false, failure: { reason, message: 'as the test says' } };
  const annotate = async () => ({ items: [0, 1].map(() => ({ ok: true, value: [response] })), provenance: '{}' });
  const call = { requestId: 'r', model: {}, items: [{}, {}] };
  const asked = { guard, reward: { annotate }, call, swaps: 'pin', hasWorked, signal: calm, stop: calm };
  const { kind, ...rest } = await askPatiently(asked as unknown as PatientCall);
  if (kind === 'lost') ok('error' in rest && rest.error instanceof AnnotatorFailedError);
  return kind;
}

describe('an annotator whose every response fails', () => {
  it('is away where what it asks is the reason: each failure of a remote server that the table of errors names', async () => {
    const table = readFileSync(join(protoRoot(), 'ERRORS.md'), 'utf8');
    const reasons = [...table.matchAll(/^\| `(REWARD_REMOTE_[A-Z_]+)`/gm)].map(([, reason]) => reason!);
    ok(reasons.includes('REWARD_REMOTE_NOT_READY'));
    const outcomes = await Promise.all(reasons.map(async (reason) => [reason, await outcomeOf(reason)]));
    deepEqual(
      outcomes,
      reasons.map((reason) => [reason, 'lost']),
    );
  });

  it('has answered where the responses are the reason, or it never worked', async () => {
    equal(await outcomeOf('RESPONSE_EMPTY'), 'answered');
    equal(await outcomeOf('REWARD_REMOTE_NOT_READY', false), 'answered');
  });
});

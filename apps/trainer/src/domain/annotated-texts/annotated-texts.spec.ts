/** Goal: what a run had scored is found again with its texts, newest first; what has no text any more is counted, not hidden. */
import { before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, toyRows, toyRun } from '../../testing/toy-run.js';
import { toyScore } from '../../testing/toy-reward.js';
import { annotatedTexts } from './annotated-texts.js';

const ALL = 100_000;

describe('the texts that a run had scored', () => {
  const folder = temporaryFolder();
  const run = join(folder, 'run');
  before(async () => {
    const lines = toyRows(24).map(({ prompt, chosen, rejected }) =>
      JSON.stringify({ prompt: prompt.text, chosen, rejected }),
    );
    writeFileSync(join(folder, 'toy.jsonl'), `${lines.join('\n')}\n`);
    equal((await toyRun({ folder })).state, 'succeeded');
  });

  it('are those of its samples, with the scores that were paid for', async () => {
    const { items, runId } = await annotatedTexts(run, { rewardModel: 'toy', countMax: ALL });
    equal(runId, 'toy-run');
    ok(items.length > 0);
    equal(new Set(items.map(({ itemId }) => itemId)).size, items.length);
    for (const { prompt, responses } of items) {
      ok(prompt.text?.startsWith('prompt '));
      ok(responses.length > 0);
      for (const { text, score } of responses) equal(score, toyScore(text));
    }
  });

  it('come with the last iteration first, and no more of them than asked for', async () => {
    const all = await annotatedTexts(run, { rewardModel: 'toy', countMax: ALL });
    const few = await annotatedTexts(run, { rewardModel: 'toy', countMax: 4 });
    const texts = ({ items }: typeof all) =>
      items.flatMap(({ responses }) => responses.map(({ text }) => text)).toSorted();
    equal(texts(few).length + few.textlessCount, 4);
    deepEqual(
      few.items.map(({ itemId }) => itemId),
      all.items.slice(0, few.items.length).map(({ itemId }) => itemId),
    );
  });

  it('are counted where the prompt is in no file', async () => {
    // The held-out prompts of the toy run are.
    const { items, textlessCount } = await annotatedTexts(run, { rewardModel: 'other', countMax: ALL });
    deepEqual(items, []);
    ok(textlessCount > 0);
  });

  it('are none for a model that was never asked', async () => {
    deepEqual(await annotatedTexts(run, { rewardModel: 'absent', countMax: ALL }), {
      runId: 'toy-run',
      items: [],
      textlessCount: 0,
    });
  });

  it('need the folder of the data, which a run that has just begun does not tell', async () => {
    rmSync(join(run, 'policy.json'));
    await rejects(annotatedTexts(run, { rewardModel: 'toy', countMax: 1 }), { code: 'BASE_FOLDER_UNKNOWN' });
    equal((await annotatedTexts(run, { rewardModel: 'toy', countMax: ALL, baseDirectory: folder })).runId, 'toy-run');
    await rejects(annotatedTexts(folder, { rewardModel: 'toy', countMax: 1 }), { code: 'DATABASE_DAMAGED' });
  });
});

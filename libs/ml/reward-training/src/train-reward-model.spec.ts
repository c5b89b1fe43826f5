/** Goal: a reward model learns, is served as it was measured, and does not depend on how often its training was cut short. */
import { before, describe, it } from 'node:test';
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '#core';
import { openRewardModel } from '#ml/reward-models';
import { readTensorFile } from '#ml/tensor';
import { TrainingStopped, trainRewardModel, type RewardTrainingRecord, type RewardTrainingSettings } from './index.js';
import {
  controlStoppingAfter,
  pairRows,
  tinySettings,
  writeRows,
  writeTinyBase,
  type RecordingControl,
} from './testing/tiny-training.js';
import { newFolder } from './testing/test-folder.js';

type Changes = (settings: RewardTrainingSettings) => RewardTrainingSettings;

interface Trained {
  readonly runDirectory: string;
  readonly record: RewardTrainingRecord;
  readonly notes: readonly string[];
}

const rows = pairRows(60);

async function prepared(options: Parameters<typeof writeTinyBase>[1] = {}, data: readonly object[] = rows) {
  const dir = newFolder();
  await writeTinyBase(dir, options);
  return tinySettings(dir, writeRows(dir, data));
}

async function train(
  settings: RewardTrainingSettings,
  control: RecordingControl = controlStoppingAfter(),
  runDirectory = newFolder(),
): Promise<Trained> {
  const record = await trainRewardModel({ runDirectory, settings, settingsDigest: 'settings' }, control);
  return { runDirectory, record, notes: control.notes };
}

function accuracyOf(record: RewardTrainingRecord, stage: 'before' | 'after'): number {
  const right = record.heldOut.filter((pair) => pair[stage].chosen > pair[stage].rejected);
  return right.length / record.heldOut.length;
}

const bytesOf = (runDirectory: string) => readFileSync(join(runDirectory, 'model/model.safetensors'));

describe("a reward model's training", () => {
  let settings: RewardTrainingSettings;
  let whole: Trained;
  before(async () => {
    settings = await prepared();
    whole = await train(settings);
  });

  it('learns what tells the responses apart', () => {
    const { record } = whole;
    ok(accuracyOf(record, 'after') >= 0.9, `accuracy ${accuracyOf(record, 'after')}`);
    const [first, last] = [present(record.steps[0], 'step'), present(record.steps.at(-1), 'step')];
    ok(last.loss < first.loss / 2, `loss ${first.loss} → ${last.loss}`);
    equal(first.learningRate, 0);
    equal(record.steps.length, 18); // 48 pairs in batches of 8, three times
    deepEqual([record.data.counts.trainPairs, record.data.counts.heldOutPairs], [48, 12]);
  });

  it('writes a folder that the classifier serves with the rewards that were measured', async () => {
    const { runDirectory, record } = whole;
    const path = join(runDirectory, 'model');
    const config = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as Record<string, unknown>;
    deepEqual(config['architectures'], ['LlamaForSequenceClassification']);
    deepEqual([config['num_labels'], config['id2label'], config['pad_token_id']], [1, { 0: 'LABEL_0' }, 0]);
    const served = await openRewardModel({ kind: 'lm-classifier', path });
    try {
      for (const { rowId, after } of record.heldOut.slice(0, 4)) {
        const { prompt, chosen, rejected } = present(
          rows.find(({ id }) => id === rowId),
          rowId,
        );
        const input = (response: string) => ({ prompt: { messages: [], text: prompt }, response });
        const scores = (await served.score([input(chosen), input(rejected)])).map((outcome) =>
          outcome.ok ? outcome.score : Number.NaN,
        );
        ok(Math.abs(present(scores[0], 'score') - after.chosen) < 1e-4, `${scores[0]} for ${after.chosen}`);
        ok(Math.abs(present(scores[1], 'score') - after.rejected) < 1e-4);
      }
    } finally {
      await served.dispose();
    }
  });

  it('writes the update as a PEFT adapter with the head in it', async () => {
    const folder = join(whole.runDirectory, 'adapter');
    const config = JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
    deepEqual([config['task_type'], config['modules_to_save']], ['SEQ_CLS', ['score']]);
    const { tensors } = await readTensorFile(join(folder, 'adapter_model.safetensors'));
    deepEqual(present(tensors.get('base_model.model.score.weight'), 'head').dims, [1, 16]);
    equal([...tensors.keys()].filter((name) => name.endsWith('.lora_A.weight')).length, 14);
  });

  it('comes to the same bytes when it is stopped and gone on with, wherever', async () => {
    for (const stopAfter of [0, 1, 6]) {
      const runDirectory = newFolder();
      await rejects(train(settings, controlStoppingAfter(stopAfter), runDirectory), TrainingStopped);
      const { record, notes } = await train(settings, controlStoppingAfter(), runDirectory);
      equal(record.model.digest, whole.record.model.digest);
      ok(bytesOf(runDirectory).equals(bytesOf(whole.runDirectory)));
      deepEqual(record.steps, whole.record.steps);
      deepEqual(record.heldOut, whole.record.heldOut);
      // A stop before the first measure leaves nothing to go on with.
      equal(
        notes.some((note) => note.startsWith(`going on after step ${stopAfter} of 18`)),
        stopAfter > 0,
      );
    }
  });

  it('depends on the seed, and on nothing else', async () => {
    const again = await train(settings);
    equal(again.record.model.digest, whole.record.model.digest);
    const other = await train({ ...settings, seed: 2 });
    ok(other.record.model.digest !== whole.record.model.digest);
  });

  it('goes on with nothing but what it began with', async () => {
    const runDirectory = newFolder();
    await rejects(train(settings, controlStoppingAfter(2), runDirectory), TrainingStopped);
    const path = writeRows(newFolder(), pairRows(61));
    const otherData = { ...settings, data: { ...settings.data, trainPath: path } };
    await rejects(train(otherData, controlStoppingAfter(), runDirectory), {
      code: 'REWARD_TRAINING_CHANGED',
      message: /another training data/,
    });
  });

  it('trains every weight where that is asked for', async () => {
    const changed = { ...settings, model: { ...settings.model, training: 'full' as const } };
    const { record, runDirectory } = await train({
      ...changed,
      optimizer: { ...changed.optimizer, learningRate: 3e-3 },
    });
    ok(accuracyOf(record, 'after') >= 0.9, `accuracy ${accuracyOf(record, 'after')}`);
    ok(!readdirSync(runDirectory).includes('adapter'));
  });
});

describe('what a training is given', () => {
  it('tells held-out pairs that were trained on', async () => {
    const settings = await prepared();
    const heldOutPath = writeRows(newFolder(), [...rows.slice(0, 3), ...pairRows(5, 9)]);
    const { record, notes } = await train({
      ...settings,
      epochCount: 0.1,
      evaluation: { ...settings.evaluation, heldOutPath },
    });
    deepEqual(record.data.overlap, { promptCount: 3, pairCount: 3 });
    match(notes.join('\n'), /warning: the prompts of 3 held-out pairs are trained on/);
  });

  it('never holds one pair of a prompt out and trains on another', async () => {
    const twice = rows.flatMap((row) => [row, { ...row, id: `${row.id}-b`, rejected: `${row.rejected}.` }]);
    const { record } = await train({ ...(await prepared({}, twice)), epochCount: 0.1 });
    equal(record.data.overlap.promptCount, 0);
    equal(record.data.counts.trainPairs + record.data.counts.heldOutPairs, 120);
  });

  it('reads margins where all pairs have them, and refuses some', async () => {
    const withMargins = rows.map((row, index) => ({ ...row, margin: index / 10 }));
    const { record } = await train({ ...(await prepared({}, withMargins)), epochCount: 0.1 });
    equal(record.data.counts.withMargin, 48);
    const some = await prepared({}, [...withMargins.slice(1), present(rows[0], 'row')]);
    await rejects(train(some), { code: 'REWARD_MARGINS_INCOMPLETE', message: /59 of 60/ });
    const none = { ...some, epochCount: 0.1, data: { ...some.data, marginColumn: null } };
    equal((await train(none)).record.data.counts.withMargin, 0);
    const wrong = await prepared({}, [{ ...rows[0], margin: 'much' }]);
    await rejects(train(wrong), { code: 'DATA_INVALID', message: /margin: expected a finite number, got string/ });
  });

  it('leaves out what is too long, and says so', async () => {
    const long = { id: 'long', prompt: 'x'.repeat(60), chosen: 'y'.repeat(60), rejected: 'z' };
    const { record, notes } = await train({ ...(await prepared({}, [...rows, long])), epochCount: 0.1 });
    equal(record.data.counts.tooLong, 1);
    match(notes.join('\n'), /left out: 1 pairs that are too long/);
  });

  const refused: readonly [what: string, settings: () => Promise<RewardTrainingSettings>, error: object][] = [
    [
      'a model without a padding token',
      () => prepared({ config: { pad_token_id: null } }).then(withoutPadToken),
      { code: 'PAD_TOKEN_MISSING', message: /model\.pad_token/ },
    ],
    [
      'a padding token that is none',
      () => changed((s) => ({ ...s, model: { ...s.model, padToken: '<|none|>' } })),
      { code: 'PAD_TOKEN_UNKNOWN' },
    ],
    [
      'an architecture that is not computed here',
      () => prepared().then(withArchitecture),
      { code: 'ARCHITECTURE_UNSUPPORTED' },
    ],
    ['data without pairs', () => prepared({}, []), { code: 'DATA_INVALID', message: /has no rows/ }],
    [
      'pairs that are all equal',
      () => prepared({}, [{ id: 'a', prompt: 'p', chosen: 'x', rejected: 'x' }]),
      { code: 'DATA_INVALID', message: /identical_responses/ },
    ],
    [
      'pairs that are all too long',
      () => changed((s) => ({ ...s, data: { ...s.data, tokensMax: 4 } })),
      { code: 'REWARD_PAIRS_MISSING', message: /60 are longer than 4 tokens/ },
    ],
    [
      'a template that does not show the response',
      () => prepared({ template: '{{ messages[0].content }}' }),
      { code: 'REWARD_PAIRS_MISSING', message: /60 read the same twice/ },
    ],
    [
      'a template that refuses the conversation',
      () => prepared({ template: "{{ raise_exception('no') }}" }),
      { code: 'REWARD_PAIR_UNUSABLE', message: /chat_template_path/ },
    ],
    [
      'pairs of a single prompt',
      () => prepared({}, [rows[0]!]),
      { code: 'REWARD_PAIRS_MISSING', message: /evaluation\.held_out/ },
    ],
    [
      'a layer that the model has not',
      () => changed((s) => ({ ...s, model: { ...s.model, lora: { ...s.model.lora, targetModules: ['c_attn'] } } })),
      { code: 'ADAPTER_INVALID', message: /c_attn/ },
    ],
    [
      'rank 0',
      () => changed((s) => ({ ...s, model: { ...s.model, lora: { ...s.model.lora, rank: 0 } } })),
      { code: 'ADAPTER_INVALID', message: /rank: expected a whole number from 1/ },
    ],
  ];
  for (const [what, settings, error] of refused) {
    it(`is refused by name: ${what}`, async () => {
      await rejects(train(await settings()), error);
    });
  }
});

async function changed(change: Changes): Promise<RewardTrainingSettings> {
  return change(await prepared());
}

/** The same model where nothing names a padding token. */
function withoutPadToken(settings: RewardTrainingSettings): RewardTrainingSettings {
  return withJson(settings, 'tokenizer_config.json', (content) => ({ ...content, pad_token: null }));
}

function withArchitecture(settings: RewardTrainingSettings): RewardTrainingSettings {
  return withJson(settings, 'config.json', (config) => ({ ...config, architectures: ['GPT2LMHeadModel'] }));
}

function withJson(
  settings: RewardTrainingSettings,
  file: string,
  change: (content: Record<string, unknown>) => object,
): RewardTrainingSettings {
  const path = join(settings.model.path, file);
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)));
  return settings;
}

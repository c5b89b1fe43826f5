/** Goal: the report of a training tells what was measured, how sure that is, and what it is worth beside length alone. */
import { describe, it } from 'node:test';
import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { Rng } from '#core';
import { renderRewardTrainingHtml, rewardTrainingFigures, type RewardTrainingData } from '../index.js';

/** Pairs of which the model gets a share right; `longer` of them have the longer response chosen. */
function dataOf({ count = 200, right = 0.75, longer = 0.5, overlap = 0 } = {}): RewardTrainingData {
  const rng = new Rng('report', right);
  const stage = (share: number) => {
    const size = rng.uniform();
    return { chosen: rng.uniform() < share ? size : -size, rejected: 0 };
  };
  return {
    name: 'a <tiny> reward',
    seed: 1,
    serviceVersion: '1.2.3',
    configYaml: 'name: "<tiny>"\n',
    model: {
      base: 'org/model',
      architecture: 'LlamaForSequenceClassification',
      training: 'lora',
      trainedParameterCount: 12_345,
      padToken: '<|pad|>',
      tokensMax: 512,
    },
    data: {
      counts: { trainPairs: 900, heldOutPairs: count, badRows: 1, unusable: 0, tooLong: 7, same: 0, withMargin: 0 },
      overlap: { promptCount: overlap, pairCount: 0 },
    },
    steps: Array.from({ length: 20 }, (_, index) => ({
      step: index + 1,
      tokenCount: 700,
      loss: 0.7 - index / 100,
      gradientNorm: 1,
    })),
    heldOut: Array.from({ length: count }, (_, index) => ({
      chosenTokenCount: index < longer * count ? 20 : 10,
      rejectedTokenCount: 15,
      before: stage(0.5),
      after: stage(right),
    })),
    workMs: 61_000,
    digests: { model: 'sha256:00' },
  };
}

describe('figures of a training', () => {
  it('count who is right, with intervals, and set length beside it', () => {
    const { after, before, gain, longerChosen, accuracyAgainstLength, warnings } = rewardTrainingFigures(dataOf());
    ok(after.accuracy.low > 0.6 && after.accuracy.high < 0.9);
    ok(before.accuracy.low < 0.5 && before.accuracy.high > 0.5);
    ok(gain && gain.low > 0 && gain.low < gain.difference && gain.difference < gain.high);
    equal(longerChosen.share, 0.5);
    equal(accuracyAgainstLength.total, 100);
    deepEqual(warnings, []);
  });

  it('warn of an accuracy that may be luck, of length, of pairs that were trained on, and of few pairs', () => {
    const { warnings } = rewardTrainingFigures(dataOf({ count: 40, right: 0.5, longer: 0.9, overlap: 3 }));
    const all = warnings.join('\n');
    for (const what of [/not clearly above a coin/, /longer response gets 90 %/, /3 held-out pairs/, /Only 40 pairs/]) {
      match(all, what);
    }
  });

  it('warn of a model that is far surer than it is right', () => {
    const data = dataOf();
    const heldOut = data.heldOut.map((pair) => ({ ...pair, after: { chosen: 20 * pair.after.chosen, rejected: 0 } }));
    const { after, warnings } = rewardTrainingFigures({ ...data, heldOut });
    ok(after.logLoss.value > Math.LN2 && after.accuracy.low > 0.6);
    match(
      warnings.join('\n'),
      /^The log loss is \d\.\d{3}, above a coin's 0\.693: the model is far surer than it is right/,
    );
  });

  it('are the same for the same data', () => {
    deepEqual(rewardTrainingFigures(dataOf()), rewardTrainingFigures(dataOf()));
  });
});

describe('the page of a training', () => {
  it('tells the figures, escapes every text, and loads nothing', async () => {
    const page = await renderRewardTrainingHtml(dataOf());
    match(page, /a &lt;tiny&gt; reward/);
    match(page, /are ordered as the data has them/);
    match(page, /left out: too long<\/th>\s*<td>7<\/td>/);
    match(page, /<svg/);
    doesNotMatch(page, /<tiny>|<script|https?:\/\/(?!www\.w3\.org)/);
    equal(await renderRewardTrainingHtml(dataOf()), page);
  });
});

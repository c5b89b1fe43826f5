import { describe, it } from 'node:test';
import { deepEqual, equal, notEqual, throws } from 'node:assert/strict';
import { parseRewardTrainingConfig } from './index.js';

const MINIMAL = 'name: tiny\nmodel: { path: ./model }\ndata: { train: ./pairs.jsonl }\n';
const configOf = (...overrides: readonly string[]) => parseRewardTrainingConfig(MINIMAL, { overrides });

describe("the configuration of a reward model's training", () => {
  it('needs only a name, a model and data, and calls the rest as TRL does', () => {
    const { config } = configOf();
    equal(config.training.max_length, 1024);
    equal(config.training.center_rewards_coefficient, null);
    equal(config.training.num_train_epochs, 1);
    equal(config.data.margin_column, 'margin');
    equal(config.optimizer.learning_rate, 1e-4);
    equal(config.model.lora.rank, 8);
  });

  it('reads back what it wrote, and keeps how often it is kept out of its digest', () => {
    const first = configOf('training.center_rewards_coefficient=0.01');
    deepEqual(parseRewardTrainingConfig(first.resolvedYaml), first);
    equal(configOf('storage.checkpoint_steps=3').digest, configOf().digest);
    notEqual(first.digest, configOf().digest);
  });

  it('tells everything that is wrong at once', () => {
    const wrong = ['model.lora.rank=0', 'training.max_length=1', 'optimizer.schedule.kind=exp', 'optimiser.eps=1'];
    throws(() => configOf(...wrong), {
      code: 'CONFIG_INVALID',
      message:
        /4 problems[^]*model\.lora\.rank: expected an integer in \[1, 1024\], got 0[^]*optimiser: expected no such key \(did you mean `optimizer`\?\), got a mapping[^]*optimizer\.schedule\.kind: expected one of linear, cosine, constant[^]*training\.max_length/,
    });
    throws(() => parseRewardTrainingConfig('- a\n'), { code: 'CONFIG_INVALID' });
  });

  it('takes absolute paths out where a folder is given', () => {
    const yaml = 'name: tiny\nmodel: { path: /a/model }\ndata: { train: /a/b/pairs.jsonl }\n';
    const { config } = parseRewardTrainingConfig(yaml, { baseDirectory: '/a/b' });
    deepEqual([config.model.path, config.data.train], ['../model', 'pairs.jsonl']);
  });
});

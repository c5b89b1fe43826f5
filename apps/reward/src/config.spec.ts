/** @file The variables, and that the README tells them as they are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { installationRoot } from '#core';
import { loadConfig, variablesTable } from '#platform/config';
import { REWARD_VARIABLES } from './config.js';

describe('the configuration', () => {
  it('stands in the README as it is', () => {
    const readme = readFileSync(join(installationRoot(), 'apps', 'reward', 'README.md'), 'utf8');
    const table = variablesTable(REWARD_VARIABLES);
    assert.ok(unpadded(readme).includes(unpadded(table)), `expected in README.md:\n${table}`);
  });

  it('has a default for everything', () => {
    const { models, address } = loadConfig(REWARD_VARIABLES, {});
    assert.deepEqual(models, { vader: { backend: 'vader' }, afinn: { backend: 'afinn' } });
    assert.equal(address, '127.0.0.1:50053');
  });

  it('tells every problem at once, with the place inside the value', () => {
    const env = {
      REWARD_MODELS: '{"m":{"backend":"module","path":"relative.mjs"},"t":{"backend":"vader","threads":0}}',
      REWARD_BACKEND_TIMEOUT_MS: '0',
      REWARD_QUEUE_RESPONSES_MAX: 'many',
    };
    assert.throws(
      () => loadConfig(REWARD_VARIABLES, env),
      ({ message }: Error) =>
        ['m.path: expected an absolute path', 't.threads', ...Object.keys(env)].every((part) => message.includes(part)),
    );
  });

  it('takes classifiers with their settings, and tells every problem of one', () => {
    const models = {
      lm: { backend: 'lm-classifier', path: '/m', label: 'good', truncation: 'left', max_tokens: 512, threads: 2 },
      onnx: { backend: 'onnx-classifier', path: '/m', file: 'onnx/model.onnx', input: 'pair', label: 1 },
    };
    assert.deepEqual(loadConfig(REWARD_VARIABLES, { REWARD_MODELS: JSON.stringify(models) }).models, models);
    const wrong = '{"m":{"backend":"lm-classifier","path":"m","truncation":"middle","max_tokens":0,"input":"pair"}}';
    assert.throws(
      () => loadConfig(REWARD_VARIABLES, { REWARD_MODELS: wrong }),
      ({ message }: Error) =>
        ['m.path', 'm.truncation', 'm.max_tokens', 'input'].every((part) => message.includes(part)),
    );
  });

  it('takes ensembles of everything else, and refuses patterns that are none', () => {
    const members = [
      { name: 'a', model: { backend: 'regex', pattern: '^Yes', score: 'count' }, weight: 2, std: 0.5 },
      { name: 'b', model: { backend: 'length', target: 100 } },
    ];
    const models = { all: { backend: 'ensemble', members, combine: 'mean_minus_std', lambda: 0.5 } };
    assert.deepEqual(loadConfig(REWARD_VARIABLES, { REWARD_MODELS: JSON.stringify(models) }).models, models);
    const twice = { backend: 'ensemble', members: [members[1], members[1]] };
    for (const wrong of [{ backend: 'regex', pattern: '(' }, { backend: 'ensemble', members: [] }, twice]) {
      const env = { REWARD_MODELS: JSON.stringify({ all: wrong }) };
      assert.throws(() => loadConfig(REWARD_VARIABLES, env), { code: 'ENVIRONMENT_INVALID' });
    }
  });

  it('takes judges and remote servers, and tells every problem of one', () => {
    const judge = { backend: 'llm-judge', base_url: 'https://j/v1', model: 'm', rubric: '/r.md', api_key_env: null };
    const models = {
      judge,
      pairwise: { ...judge, mode: 'pairwise', baseline: '/d.jsonl', temperature: null, extra_body: { a: [1] } },
      rlhf: { backend: 'remote', protocol: 'openrlhf', url: 'http://r:5000/get_reward', template: 'concatenate' },
      vllm: { backend: 'remote', protocol: 'vllm', url: 'http://v:8000', model: 'm', label: 0, attempts: 2 },
      slime: { backend: 'remote', protocol: 'slime', url: 'http://s/rm', score_key: 'score', bills: false },
      oip: { backend: 'remote', protocol: 'oip', address: 't:8001', model: 'm', tls: {} },
      all: { backend: 'ensemble', members: [{ name: 'judge', model: judge }] },
    };
    assert.deepEqual(loadConfig(REWARD_VARIABLES, { REWARD_MODELS: JSON.stringify(models) }).models, models);
    const wrong = {
      a: {
        ...judge,
        base_url: 'http://user:secret@j/v1',
        rubric: 'r.md',
        baseline: '/d',
        score_max: 0,
        temperature: 3,
      },
      b: { ...judge, mode: 'pairwise', score_min: 1 },
      c: { backend: 'remote', protocol: 'openrlhf', url: 'ftp://r' },
      d: { backend: 'remote', protocol: 'oip', address: 'nowhere', model: 'm', text_input: 't', tls: { cert: '/c' } },
      e: { backend: 'remote', protocol: 'smoke', url: 'http://r' },
    };
    const places = [
      'a.base_url',
      'a.rubric',
      'a.temperature',
      'c.url',
      'c.template',
      'd.address',
      'd.tls',
      'e.protocol',
    ];
    assert.throws(
      () => loadConfig(REWARD_VARIABLES, { REWARD_MODELS: JSON.stringify(wrong) }),
      ({ message }: Error) => {
        for (const place of places) assert.ok(message.includes(place), `${place} in ${message}`);
        return true;
      },
    );
    for (const [name, place] of [
      ['b', 'b.baseline'],
      ['b', 'b.score_min'],
    ] as const) {
      const env = { REWARD_MODELS: JSON.stringify({ [name]: wrong[name] }) };
      assert.throws(() => loadConfig(REWARD_VARIABLES, env), { message: new RegExp(place) });
    }
  });

  it('refuses a backend that does not exist, fields that mean nothing, and an empty list', () => {
    for (const models of ['{"m":{"backend":"oracle"}}', '{"m":{"backend":"vader","path":"/x"}}', '{}', '{"m', '[]']) {
      assert.throws(
        () => loadConfig(REWARD_VARIABLES, { REWARD_MODELS: models }),
        { code: 'ENVIRONMENT_INVALID' },
        models,
      );
    }
  });
});

/** The formatter pads the cells of tables. */
const unpadded = (markdown: string): string => markdown.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');

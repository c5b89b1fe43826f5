import { describe, it } from 'node:test';
import { deepEqual, ok, throws } from 'node:assert/strict';
import { ConfigInvalidError, parseRunConfig, withRewardPaths } from './index.js';

const withRewards = (rewards: unknown) =>
  parseRunConfig(
    `{ name: tiny, model: { path: m }, data: { train: d }, reward: judge, rewards: ${JSON.stringify(rewards)} }`,
  ).config.rewards;

const JUDGE = {
  backend: 'ensemble',
  combine: 'minimum',
  members: [
    { name: 'lm', model: { backend: 'lm-classifier', path: 'a', label: 'good', truncation: 'left' }, mean: 1, std: 2 },
    { name: 'cross', model: { backend: 'onnx-classifier', path: 'b', label: 0, max_tokens: 512 } },
    { name: 'form', model: { backend: 'regex', pattern: '^Yes' } },
    { name: 'length', model: { backend: 'length', unit: 'characters', target: 100 } },
  ],
};

describe('reward models of a run', () => {
  it('are read as they are written, and nothing is added', () => {
    deepEqual(withRewards({ judge: JUDGE }), { judge: JUDGE });
  });

  it('have paths that follow the configuration, those of members too', () => {
    const moved = Object.values(withRewards({ judge: JUDGE, own: { backend: 'module', path: 'c' } })).map((reward) =>
      withRewardPaths(reward, (path) => `/base/${path}`),
    );
    const paths = [...JSON.stringify(moved).matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path);
    deepEqual(paths, ['/base/a', '/base/b', '/base/c']);
  });

  it('may stand behind other servers, with paths of their own', () => {
    const judge = { backend: 'llm-judge', base_url: 'http://j/v1', model: 'm', rubric: 'r.md', seed: null };
    const pairwise = { ...judge, mode: 'pairwise', baseline: 'd.jsonl' };
    const rlhf = { backend: 'remote', protocol: 'openrlhf', url: 'http://r/get_reward', template: 'concatenate' };
    const vllm = { backend: 'remote', protocol: 'vllm', url: 'http://v', model: 'm', template: 'policy' };
    const rewards = { judge: pairwise, rlhf, all: { backend: 'ensemble', members: [{ name: 'v', model: vllm }] } };
    deepEqual(withRewards(rewards), rewards);
    const moved = Object.values(withRewards(rewards)).map((reward) =>
      withRewardPaths(reward, (path) => `/base/${path}`),
    );
    deepEqual(moved, [
      { ...pairwise, rubric: '/base/r.md', baseline: '/base/d.jsonl' },
      rlhf,
      { backend: 'ensemble', members: [{ name: 'v', model: { ...vllm, template: '/base/policy' } }] },
    ]);
    throws(() => withRewards({ judge: { ...judge, base_url: 'http://user:secret@j/v1' } }), ConfigInvalidError);
    throws(() => withRewards({ judge: { ...rlhf, protocol: 'smoke' } }), ConfigInvalidError);
  });

  it('may be called with certificates, whose paths follow the configuration too', () => {
    const tls = { ca: 'tls/ca.crt', cert: 'tls/tls.crt', key: 'tls/tls.key', server_name: 'rm' };
    const oip = { backend: 'remote', protocol: 'oip', address: 'rm:8001', model: 'm', tls };
    const vllm = { backend: 'remote', protocol: 'vllm', url: 'https://v', model: 'm', tls: {} };
    const judge = { backend: 'llm-judge', base_url: 'https://j/v1', model: 'm', rubric: 'r.md', tls };
    const rewards = { judge, vllm, all: { backend: 'ensemble', members: [{ name: 'o', model: oip }] } };
    deepEqual(withRewards(rewards), rewards);
    const moved = Object.values(withRewards(rewards)).map((reward) =>
      withRewardPaths(reward, (path) => `/base/${path}`),
    );
    const files = { ca: '/base/tls/ca.crt', cert: '/base/tls/tls.crt', key: '/base/tls/tls.key' };
    deepEqual(moved, [
      { ...judge, rubric: '/base/r.md', tls: { ...tls, ...files } },
      vllm,
      { backend: 'ensemble', members: [{ name: 'o', model: { ...oip, tls: { ...tls, ...files } } }] },
    ]);
    const { key: _, ...half } = tls;
    throws(() => withRewards({ judge: { ...oip, tls: half } }), ConfigInvalidError);
    throws(() => withRewards({ judge: { ...oip, tls: { ca: '' } } }), ConfigInvalidError);
  });

  it('tell every problem of theirs', () => {
    const rewards = {
      judge: { backend: 'lm-classifier', path: 'a', truncation: 'middle', max_tokens: 0 },
      empty: { backend: 'ensemble', members: [] },
      nested: { backend: 'ensemble', members: [{ name: 'x', model: { backend: 'ensemble', members: [] } }] },
    };
    throws(
      () => withRewards(rewards),
      (error) => {
        ok(error instanceof ConfigInvalidError);
        const paths = error.problems.map(({ path }) => path);
        return ['rewards.judge.truncation', 'rewards.judge.max_tokens', 'rewards.empty.members'].every((path) =>
          paths.includes(path),
        );
      },
    );
  });
});

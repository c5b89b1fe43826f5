import { describe, it } from 'node:test';
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict';
import { ConfigInvalidError, parseRunConfig } from './index.js';

const MINIMAL = `
name: tiny
model: { path: ./model }
data: { train: ./pairs.jsonl }
reward: vader
`;

function problemsOf(yaml: string, overrides: readonly string[] = []): Record<string, string> {
  try {
    parseRunConfig(yaml, { overrides });
  } catch (error) {
    ok(error instanceof ConfigInvalidError);
    equal(error.code, 'CONFIG_INVALID');
    return Object.fromEntries(error.problems.map(({ path, value, rule }) => [path, `${rule} | ${value}`]));
  }
  return {};
}

describe('a run configuration', () => {
  it('needs only a name, a model, data and a reward', () => {
    const { config } = parseRunConfig(MINIMAL);
    equal(config.algorithm.samples_per_prompt, 8);
    equal(config.optimizer.schedule.min_ratio, 0.1);
    equal(config.preset, 'metaapo');
  });

  it('takes the differences between paper and code from its preset', () => {
    const differing = (preset: string) => {
      const { algorithm } = parseRunConfig(MINIMAL, { overrides: [`preset=${preset}`] }).config;
      return [algorithm.ref_mode, algorithm.input_beta, algorithm.meta.period];
    };
    deepEqual(differing('metaapo'), ['lagged', 1, 8]);
    deepEqual(differing('paper'), ['frozen_sft', 'beta', 8]);
    deepEqual(differing('as-shipped'), ['lagged', 1, 16]);
  });

  it('puts what the file says before the preset, and an override before both', () => {
    const yaml = `${MINIMAL}preset: paper\nalgorithm: { meta: { period: 3 }, ref_mode: lagged }\n`;
    const { algorithm } = parseRunConfig(yaml, { overrides: ['algorithm.meta.period=5'] }).config;
    deepEqual([algorithm.ref_mode, algorithm.input_beta, algorithm.meta.period], ['lagged', 'beta', 5]);
  });

  it('reads back what it wrote', () => {
    const first = parseRunConfig(MINIMAL, { overrides: ['rewards.vader.backend=vader', 'preset=paper'] });
    const second = parseRunConfig(first.resolvedYaml);
    deepEqual(second.config, first.config);
    equal(second.digest, first.digest);
  });

  it('keeps the order of keys and the concurrency out of its digest', () => {
    const { digest } = parseRunConfig(MINIMAL);
    equal(parseRunConfig(MINIMAL, { overrides: ['units.concurrency=64'] }).digest, digest);
    equal(parseRunConfig(MINIMAL.split('\n').toReversed().join('\n')).digest, digest);
    notEqual(parseRunConfig(MINIMAL, { overrides: ['units.gradient_items=3'] }).digest, digest);
    notEqual(parseRunConfig(MINIMAL, { overrides: ['seed=2'] }).digest, digest);
  });

  it('is pinned to its reward models unless it says otherwise, which leaves its digest alone', () => {
    const { config, digest } = parseRunConfig(MINIMAL);
    equal(config.reward_swaps, 'pin');
    equal(parseRunConfig(MINIMAL, { overrides: ['reward_swaps=rescore'] }).digest, digest);
    deepEqual(problemsOf(MINIMAL, ['reward_swaps=ignore']), {
      reward_swaps: 'one of pin, follow, rescore | "ignore"',
    });
  });

  it('tells every problem at once, with path, value and rule', () => {
    const problems = problemsOf(
      `name: ''
seed: -1
model: { path: 7 }
data: { train: a.jsonl, max_row: 3 }
rewards: { vader: { backend: vader }, odd: { backend: gpt } }
reward: afinn
algorithm: { beta: 0, samples_per_prompt: 0, gate: { kind: none } }
sampling: { temperature: .nan, top_p: 0 }
evaluation: { judges: [vader, vader] }
extra: 1
`,
    );
    deepEqual(problems, {
      name: 'a name that is not empty | ""',
      seed: 'an integer in [0, 9007199254740991] | -1',
      'model.path':
        'a path of a Hugging Face model folder or a GGUF file, relative to the folder of the configuration | 7',
      'data.max_row': 'no such key (did you mean `max_rows`?) | 3',
      'rewards.odd.backend':
        'a mapping with backend: vader, afinn, length, regex, module, lm-classifier, onnx-classifier, llm-judge, remote or ensemble, and what it takes | "gpt"',
      'algorithm.beta': 'a number in (0, ∞) | 0',
      'algorithm.samples_per_prompt': 'an integer in [2, 1024] | 0',
      'algorithm.weight.kind':
        'constant with value 1, since gate.kind is none and no online pair exists | {"kind":"meta","value":0.5,"snapshot":null}',
      'sampling.temperature': 'a number in (0, 100] | NaN',
      'sampling.top_p': 'a number in (0, 1] | 0',
      'evaluation.judges': 'a list of at least 0 reward model names, each once | ["vader","vader"]',
      extra: 'no such key | 1',
      reward: 'a name from rewards: vader | "afinn"',
    });
  });

  it('names each required key that is missing', () => {
    deepEqual(Object.keys(problemsOf('{}')).toSorted(), ['data', 'model', 'name', 'reward']);
  });

  it('refuses overrides that it cannot read', () => {
    deepEqual(Object.keys(problemsOf(MINIMAL, ['seed'])), ['--set']);
    ok('name.first' in problemsOf(MINIMAL, ['name.first=x']));
  });

  it('refuses a text that is not YAML, or no mapping', () => {
    throws(() => parseRunConfig('a: [1'), ConfigInvalidError);
    throws(() => parseRunConfig('- 1'), ConfigInvalidError);
    throws(() => parseRunConfig('seed: 1\nseed: 2'), /unique/);
  });

  it('refuses aliases without an anchor, without an end, or without measure, by name', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]', 'b', 'c', 'd'].map((line, index) => {
      const before = 'abc'[index - 1];
      return before === undefined ? line : `${line}: &${line} [${Array(10).fill(`*${before}`).join()}]`;
    });
    for (const text of ['data: *nope', 'extra: &a [*a]', 'algorithm: &a { inner: *a }', bomb.join('\n')]) {
      const refused = (error: unknown) => error instanceof ConfigInvalidError && error.problems[0]?.path === '';
      throws(() => parseRunConfig(text), refused, text);
    }
    equal(parseRunConfig(`${MINIMAL}optimizer: { betas: &b [0.8, 0.9] }\n`).config.optimizer.betas[0], 0.8);
  });

  it('knows a key that every object inherits no better than any other', () => {
    for (const key of ['__proto__.seed', 'constructor.x', 'toString']) {
      deepEqual(Object.keys(problemsOf(MINIMAL, [`${key}=3`])), [key.split('.')[0]]);
    }
    equal('seed' in {}, false);
  });

  it('names no machine once it knows the folder that paths start from', () => {
    const here = parseRunConfig(MINIMAL, { overrides: ['model.path=/a/b/model'], baseDirectory: '/a/b' });
    const there = parseRunConfig(MINIMAL, { overrides: ['model.path=/c/model'], baseDirectory: '/c' });
    equal(here.config.model.path, 'model');
    equal(here.digest, there.digest);
  });

  it('expresses offline and online DPO', () => {
    const offline = ['algorithm.gate.kind=none', 'algorithm.weight.kind=constant', 'algorithm.weight.value=1'];
    const online = ['algorithm.gate.kind=all', 'algorithm.weight.kind=constant', 'algorithm.weight.value=0'];
    equal(parseRunConfig(MINIMAL, { overrides: offline }).config.algorithm.weight.value, 1);
    equal(parseRunConfig(MINIMAL, { overrides: online }).config.algorithm.gate.kind, 'all');
  });
});

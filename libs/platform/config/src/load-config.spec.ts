import { describe, it } from 'node:test';
import { deepEqual, equal, match, throws } from 'node:assert/strict';
import { z } from 'zod';
import { EnvironmentInvalidError } from './config.errors.js';
import { loadConfig } from './load-config.js';
import { adminAddressVariable, serviceVariables } from './service-variables.js';
import {
  addressListVariable,
  addressVariable,
  bytesVariable,
  choiceVariable,
  commaListVariable,
  durationMsVariable,
  integerVariable,
  jsonVariable,
  optional,
  pathVariable,
  textVariable,
} from './variable.js';
import { variablesTable } from './variables-table.js';

const named = (name: string) => ({ name, description: `Sets ${name.toLowerCase()}.` });

const SHAPE = {
  ...serviceVariables('POLICY', { port: 50_051 }),
  adminAddress: adminAddressVariable('POLICY', { port: 50_052 }),
  modelPath: pathVariable({ ...named('POLICY_MODEL_PATH'), absolute: true }),
  threads: integerVariable({ ...named('POLICY_THREADS'), min: 1, max: 256, default: '2' }),
  provider: choiceVariable({ ...named('POLICY_EXECUTION_PROVIDER'), choices: ['cpu', 'cuda'], default: 'cpu' }),
  cacheBytes: bytesVariable({ ...named('POLICY_ADAPTER_CACHE_BYTES'), default: '1GiB' }),
  peers: addressListVariable({ ...named('PEERS'), default: '127.0.0.1:1, [::1]:2' }),
  tags: commaListVariable({ ...named('TAGS'), default: '', min: 0 }),
  note: optional(textVariable(named('NOTE'))),
  models: jsonVariable({
    ...named('MODELS'),
    schema: z.record(z.string(), z.strictObject({ backend: z.enum(['vader', 'afinn']) })),
    rule: 'JSON object of backends',
    example: '{"a":{"backend":"vader"}}',
    default: '{}',
  }),
};

const problemsOf = (env: Record<string, string>) => {
  try {
    loadConfig(SHAPE, { POLICY_MODEL_PATH: '/m', ...env });
  } catch (thrown) {
    if (thrown instanceof EnvironmentInvalidError) return thrown.problems;
    throw thrown;
  }
  return [];
};

describe('configuration from the environment', () => {
  it('takes defaults, parses units, lists and JSON, and leaves optional ones out', () => {
    const config = loadConfig(SHAPE, {
      POLICY_MODEL_PATH: '/models/base',
      POLICY_MESSAGE_BYTES_MAX: '16MiB',
      MODELS: '{"a":{"backend":"afinn"}}',
      NOTE: '',
    });
    deepEqual(config, {
      address: '127.0.0.1:50051',
      drainTimeoutMs: 20_000,
      messageBytesMax: 16 * 2 ** 20,
      adminAddress: '127.0.0.1:50052',
      modelPath: '/models/base',
      threads: 2,
      provider: 'cpu',
      cacheBytes: 2 ** 30,
      peers: ['127.0.0.1:1', '[::1]:2'],
      tags: [],
      models: { a: { backend: 'afinn' } },
    });
    equal(config.metricsPort, undefined);
  });

  it('reports every problem at once, with variable, value, rule and example', () => {
    throws(
      () => loadConfig(SHAPE, { POLICY_THREADS: 'many', POLICY_ADDRESS: 'localhost', PEERS: 'a:1,b' }),
      (thrown) => {
        if (!(thrown instanceof EnvironmentInvalidError)) return false;
        equal(thrown.code, 'ENVIRONMENT_INVALID');
        deepEqual(
          thrown.problems.map(({ variable, value }) => [variable, value]),
          [
            ['POLICY_ADDRESS', 'localhost'],
            ['POLICY_MODEL_PATH', undefined],
            ['POLICY_THREADS', 'many'],
            ['PEERS', 'a:1,b'],
          ],
        );
        match(thrown.message, /^4 environment variables are wrong/);
        match(
          thrown.message,
          /POLICY_THREADS: got "many"; expected whole number, at least 1 and at most 256; example: POLICY_THREADS=2/,
        );
        match(thrown.message, /POLICY_MODEL_PATH: absent; expected absolute path; example: POLICY_MODEL_PATH=\/models/);
        return true;
      },
    );
  });

  for (const [variable, value] of [
    ['POLICY_ADDRESS', '127.0.0.1'],
    ['POLICY_ADDRESS', '127.0.0.1:65536'],
    ['POLICY_ADDRESS', 'http://127.0.0.1:1'],
    ['POLICY_THREADS', '0'],
    ['POLICY_THREADS', '257'],
    ['POLICY_THREADS', '1.5'],
    ['POLICY_EXECUTION_PROVIDER', 'tpu'],
    ['POLICY_ADAPTER_CACHE_BYTES', '1GB'],
    ['POLICY_DRAIN_TIMEOUT_MS', '-1'],
    ['POLICY_METRICS_PORT', '70000'],
    ['POLICY_MODEL_PATH', 'relative/path'],
    ['PEERS', '127.0.0.1:1,'],
  ] as const) {
    it(`refuses ${variable}=${value}`, () => {
      deepEqual(
        problemsOf({ [variable]: value }).map((problem) => problem.variable),
        [variable],
      );
    });
  }

  it('says where inside JSON the problem is, and when it is no JSON at all', () => {
    match(problemsOf({ MODELS: '{"a":{"backend":"gpt"}}' })[0]?.detail ?? '', /at a\.backend: .*vader/);
    const unknown = problemsOf({ MODELS: '{"a":{"backend":"vader","backand":1}}' })[0]?.detail;
    equal(unknown, 'at a.backand: no such key (did you mean `backend`?)');
    match(problemsOf({ MODELS: '{' })[0]?.detail ?? '', /not JSON/);
  });

  it('has an example and a default for every variable that the variable itself accepts', () => {
    for (const { name, example, default: text, schema } of Object.values(SHAPE)) {
      for (const value of [example, text]) {
        if (value !== undefined) equal(schema.safeParse(value).success, true, `${name}=${value}`);
      }
    }
  });

  it('prints a table with a row per variable', () => {
    const table = variablesTable({
      address: addressVariable({ name: 'X_ADDRESS', description: 'Address | port.', default: '127.0.0.1:1' }),
      timeout: durationMsVariable({ name: 'X_TIMEOUT_MS', description: 'Patience.' }),
      note: SHAPE.note,
    });
    deepEqual(table.split('\n'), [
      '| Variable | Sets | Allowed | Default | Example |',
      '| --- | --- | --- | --- | --- |',
      '| `X_ADDRESS` | Address \\| port. | host:port, port at most 65535; an IPv6 host in brackets | `127.0.0.1:1` | `127.0.0.1:1` |',
      '| `X_TIMEOUT_MS` | Patience. | whole number, at least 0 and at most 2147483647 | required | `0` |',
      '| `NOTE` | Sets note. | text, not empty | absent | `text` |',
    ]);
  });
});

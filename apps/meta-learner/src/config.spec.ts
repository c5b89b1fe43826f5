/** @file The variables, and that the README tells them as they are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { installationRoot } from '#core';
import { loadConfig, variablesTable } from '#platform/config';
import { META_LEARNER_VARIABLES } from './config.js';

describe('the configuration', () => {
  it('stands in the README as it is', () => {
    const readme = readFileSync(join(installationRoot(), 'apps', 'meta-learner', 'README.md'), 'utf8');
    const table = variablesTable(META_LEARNER_VARIABLES);
    assert.ok(unpadded(readme).includes(unpadded(table)), `expected in README.md:\n${table}`);
  });

  it('has a default for everything', () => {
    const { address, backend, runsMax } = loadConfig(META_LEARNER_VARIABLES, {});
    assert.deepEqual([address, backend, runsMax], ['127.0.0.1:50055', 'auto', 256]);
  });

  it('tells every problem at once', () => {
    const env = { META_LEARNER_BACKEND: 'gpu', META_LEARNER_RUNS_MAX: '0', META_LEARNER_ADDRESS: 'here' };
    assert.throws(
      () => loadConfig(META_LEARNER_VARIABLES, env),
      ({ message }: Error) => Object.keys(env).every((name) => message.includes(name)),
    );
  });
});

/** The formatter pads the cells of tables. */
const unpadded = (markdown: string): string => markdown.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');

/** @file The variables, and that the README tells them as they are. */
import { ok, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { installationRoot } from '#core';
import { EnvironmentInvalidError, loadConfig, variablesTable } from '#platform/config';
import { POLICY_VARIABLES } from './config.js';

describe('the configuration', () => {
  it('stands in the README as it is', () => {
    const readme = readFileSync(join(installationRoot(), 'apps', 'policy', 'README.md'), 'utf8');
    const table = variablesTable(POLICY_VARIABLES);
    ok(unpadded(readme).includes(unpadded(table)), `expected in README.md:\n${table}`);
  });

  it('needs nothing but the model', () => {
    ok(loadConfig(POLICY_VARIABLES, { POLICY_MODEL_PATH: 'model' }));
    throws(
      () => loadConfig(POLICY_VARIABLES, {}),
      (error) =>
        error instanceof EnvironmentInvalidError &&
        error.problems.map(({ variable }) => variable).join() === 'POLICY_MODEL_PATH',
    );
  });
});

/** The formatter pads the cells of tables. */
const unpadded = (markdown: string): string => markdown.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');

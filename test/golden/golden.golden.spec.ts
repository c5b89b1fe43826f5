/** Every golden case; and that the runner notices a single wrong number. */
import { after, before, describe, it } from 'node:test';
import { equal, match, ok, throws } from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownGolden, rewardTrainingGolden, sharedFolder, skipWithout } from '../support/shared-folder.js';
import { describeResult, findCases, runCase, summaryOf } from './run-golden.js';

const skip = skipWithout('golden');
const root = sharedFolder('golden');

/** What the tests below change in a case. */
interface Changeable {
  kind: string;
  runs: { factors: (number | null)[]; steps: { grad_norm: number }[] }[];
}

describe('golden cases of this repository', () => {
  for (const own of [ownGolden(), rewardTrainingGolden()]) {
    for (const name of findCases(own)) {
      it(name, async () => {
        const result = await runCase(own, name);
        equal(result.outcome, 'passed', describeResult(result).join('\n'));
      });
    }
  }
});

describe('golden cases', { skip }, () => {
  for (const name of skip ? [] : findCases(root)) {
    it(name, async (t) => {
      const result = await runCase(root, name);
      if (result.outcome === 'unsupported') t.skip(result.reason);
      else equal(result.outcome, 'passed', describeResult(result).join('\n'));
    });
  }
});

describe('the golden runner', { skip }, () => {
  let copy = '';
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'metaapo-golden-'));
    for (const name of ['schedules', 'meta-learner', 'forward-mistral-window']) {
      cpSync(join(root, 'cases', name), join(copy, 'cases', name), { recursive: true });
    }
    cpSync(join(root, 'models/mistral-window'), join(copy, 'models/mistral-window'), { recursive: true });
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  /** Runs a copied case after one change of its case.json. */
  async function runChanged(name: string, change: (content: Changeable) => void) {
    const path = join(copy, 'cases', name, 'case.json');
    const content = JSON.parse(readFileSync(join(root, 'cases', name, 'case.json'), 'utf8')) as Changeable;
    change(content);
    // The copy is made again each time: files of the reference data may be read-only.
    rmSync(path, { force: true });
    writeFileSync(path, JSON.stringify(content));
    return runCase(copy, name);
  }

  it('fails a case when one number of it changes', async () => {
    equal((await runChanged('schedules', () => undefined)).outcome, 'passed');
    const result = await runChanged('schedules', (content) => (content.runs[2]!.factors[7]! += 1e-9));
    equal(result.outcome, 'failed');
    match(
      describeResult(result).join('\n'),
      /failed +schedules: factors: 1\.0e-9 of 1\.0e-12 \(100 steps, warm-up 0\.03\)/,
    );
    const learner = await runChanged('meta-learner', (content) => (content.runs[0]!.steps[19]!.grad_norm *= 1.0001));
    equal(learner.outcome, 'failed');
  });

  it('fails a case whose number is gone', async () => {
    equal((await runChanged('schedules', (content) => (content.runs[0]!.factors[1] = null))).outcome, 'failed');
  });

  it('reports what the library refuses as unsupported, with the reason', async () => {
    const config = join(copy, 'models/mistral-window/config.json');
    const changed = readFileSync(config, 'utf8').replace('MistralForCausalLM', 'AbacusForCausalLM');
    rmSync(config); // may be read-only
    writeFileSync(config, changed);
    const model = await runCase(copy, 'forward-mistral-window');
    equal(model.outcome, 'unsupported');
    match(describeResult(model).join(), /ARCHITECTURE_UNSUPPORTED: .*AbacusForCausalLM/);
    const kind = await runChanged('schedules', (content) => (content.kind = 'horoscope'));
    match(describeResult(kind).join(), /GOLDEN_KIND_UNSUPPORTED: .*horoscope/);
    equal(summaryOf([model, kind]), '0 passed, 0 failed, 2 unsupported');
  });

  it('goes by the kind of a case, not by its name', async () => {
    mkdirSync(join(copy, 'cases/nameless'), { recursive: true });
    cpSync(join(root, 'cases/schedules/case.json'), join(copy, 'cases/nameless/case.json'));
    equal((await runCase(copy, 'nameless')).outcome, 'passed');
    ok(findCases(copy).includes('nameless'));
  });

  it('objects to a folder without cases', () => {
    throws(() => findCases(join(copy, 'nowhere')), { code: 'GOLDEN_FOLDER_INVALID' });
  });
});

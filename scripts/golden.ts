/**
 * @file Compares this project with reference results: `npm run golden [-- --dir DIR] [--only NAME]`.
 *
 * Exit code 0 when nothing failed, 1 when something did, 2 for wrong usage or a folder without cases.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError, installationRoot, messageOf } from '#core';
import { describeResult, findCases, runCase, summaryOf, type CaseResult } from '../test/golden/run-golden.js';

const USAGE = `Compares the engine, tokenizers, optimizers and the meta-learner with reference results.

  npm run golden -- [--dir DIR] [--only NAME] [--execution-provider NAME]

  --dir DIR    folder with cases/, models/ and adapters/   (default: ../shared/golden beside the checkout, and what the
               repository itself holds in test/golden/families)
  --only NAME  only cases whose name contains NAME
  --execution-provider NAME  cuda or webgpu: the same cases, in float32, on a device (default: cpu)
  --help       this text`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      only: { type: 'string' },
      'execution-provider': { type: 'string', default: 'cpu' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const root = installationRoot();
  const defaults = [join(root, '..', 'shared', 'golden'), join(root, 'test', 'golden', 'families')];
  const found = (values.dir === undefined ? defaults : [resolve(values.dir)]).flatMap((dir) =>
    findCases(dir).map((name) => ({ dir, name })),
  );
  const wanted = found.filter(({ name }) => name.includes(values.only ?? ''));
  if (wanted.length === 0) {
    console.error(`golden: no case's name contains ${values.only}`);
    return 2;
  }
  const results: CaseResult[] = [];
  for (const { dir, name } of wanted) {
    const result = await runCase(dir, name, values['execution-provider']);
    results.push(result);
    for (const line of describeResult(result)) console.log(line);
  }
  console.log(summaryOf(results));
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const isUsage = thrown instanceof AppError || (thrown instanceof TypeError && 'code' in thrown);
  console.error(isUsage ? `golden: ${messageOf(thrown)}\n\n${USAGE}` : thrown);
  process.exitCode = 2;
}

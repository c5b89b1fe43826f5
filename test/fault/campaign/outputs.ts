/** @file What a run leaves, as far as it must not depend on what happened meanwhile. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { digestOf } from '#core';
import type { ReportData } from '#report';

export interface Outputs {
  /** File → digest of its bytes, of all that is in `adapter/` and of the records beside it. */
  readonly files: Readonly<Record<string, string>>;
  /** Key and score of every annotation, sorted. */
  readonly ledger: readonly string[];
  /** What the report says was paid for. */
  readonly used: number;
  readonly evaluation: number;
  /** What the annotator billed, sorted. */
  readonly bill: readonly string[];
}

export function outputsOf(runDirectory: string, bill: readonly string[]): Outputs {
  const adapter = readdirSync(join(runDirectory, 'adapter')).map((name) => join('adapter', name));
  const files = Object.fromEntries(
    [...adapter, 'meta-learner.json', 'config.yaml', 'policy.json'].map((name) => [
      name,
      digestOf(readFileSync(join(runDirectory, name))),
    ]),
  );
  const database = new DatabaseSync(join(runDirectory, 'run.sqlite'), { readOnly: true });
  const rows = database.prepare('SELECT weights_digest, prompt_digest, response_digest, score FROM ledger').all();
  database.close();
  const { annotations } = JSON.parse(readFileSync(join(runDirectory, 'report.json'), 'utf8')) as ReportData;
  return {
    files,
    ledger: rows.map((row) => JSON.stringify(Object.values(row))).toSorted(),
    used: annotations.used,
    evaluation: annotations.evaluation,
    bill,
  };
}

/** What is not as it should be, in words; empty when all is. */
export function differences(found: Outputs, expected: Outputs): string[] {
  const problems: string[] = [];
  for (const name of new Set([...Object.keys(found.files), ...Object.keys(expected.files)])) {
    if (found.files[name] !== expected.files[name]) problems.push(`differing bytes: ${name}`);
  }
  const lists = [
    ['ledger', found.ledger, expected.ledger],
    ['bill', found.bill, expected.bill],
  ] as const;
  for (const [name, have, want] of lists) {
    const [extra, missing] = [without(have, want), without(want, have)];
    if (extra.length > 0) problems.push(`${name}: ${extra.length} too many, for instance ${extra[0]}`);
    if (missing.length > 0) problems.push(`${name}: ${missing.length} missing, for instance ${missing[0]}`);
  }
  for (const figure of ['used', 'evaluation'] as const) {
    if (found[figure] !== expected[figure]) {
      problems.push(`report: ${found[figure]} annotations (${figure}), expected ${expected[figure]}`);
    }
  }
  return problems;
}

/** The elements of a list that another lacks, as often as it lacks them. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((element) => {
    const index = left.indexOf(element);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}

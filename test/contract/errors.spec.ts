/** @file The reasons in the sources, in the contract's comments and in `proto/ERRORS.md` are the same. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { deepEqual, match, ok } from 'node:assert/strict';
import { STATUS_NUMBERS } from '#core';
import { protoFiles, protoRoot } from '#contracts';

const root = dirname(protoRoot());

interface Listed {
  readonly statuses: readonly string[];
  readonly remedy: string;
}

/** Rows of all tables: reason → statuses and remedy. */
const table = new Map<string, Listed>();
const listedTwice: string[] = [];
for (const line of readFileSync(join(protoRoot(), 'ERRORS.md'), 'utf8').split('\n')) {
  const [, reason, statuses, , remedy] = /^\| `([A-Z0-9_]+)` \| ([A-Z_, ]+) \| (.+) \| (.+) \|$/.exec(line) ?? [];
  if (reason === undefined || statuses === undefined) continue;
  if (table.has(reason)) listedTwice.push(reason);
  table.set(reason, { statuses: statuses.split(', '), remedy: remedy ?? '' });
}

interface ErrorClass {
  readonly name: string;
  readonly base: string;
  readonly code: string | undefined;
  readonly status: string | undefined;
}

/** Classes of libs and apps, tests apart. */
function classesOf(tree: string): ErrorClass[] {
  return readdirSync(join(root, tree), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .flatMap((path) => readFileSync(join(root, tree, path), 'utf8').split(/^(?=(?:export )?(?:abstract )?class )/m))
    .flatMap((text) => {
      const [, name, base] = /^(?:export )?(?:abstract )?class (\w+) extends (\w+)/.exec(text) ?? [];
      const [, code] = /^ {2}readonly code(?:: \w+)? = '(\w+)'/m.exec(text) ?? [];
      const [, status] = /^ {2}readonly status(?:: \w+)? = '(\w+)'/m.exec(text) ?? [];
      return name === undefined || base === undefined ? [] : [{ name, base, code, status }];
    });
}

/** Classes with a reason of their own; the status may come from their base class. */
function errorClasses(): { name: string; code: string; status: string | undefined }[] {
  const all = ['libs', 'apps'].flatMap(classesOf);
  const bases = new Map(all.map(({ name, status }) => [name, status]));
  return all.flatMap(({ name, base, code, status = bases.get(base) }) =>
    code === undefined ? [] : [{ name, code, status }],
  );
}

describe('reasons of errors', () => {
  const classes = errorClasses();
  const codes = new Set(classes.map(({ code }) => code));

  it('stand in the table once', () => {
    deepEqual(listedTwice, []);
    ok(table.size > 0);
  });

  it('of the sources stand in the table', () => {
    deepEqual(
      [...codes].filter((code) => !table.has(code)).sort(),
      [],
      'add a row to proto/ERRORS.md for each of these',
    );
  });

  it('of the table stand in the sources', () => {
    deepEqual(
      [...table.keys()].filter((code) => !codes.has(code)).sort(),
      [],
      'no class has these codes: remove the rows or mend the codes',
    );
  });

  it('have the status that the table names', () => {
    const wrong = classes.filter(({ code, status }) => !table.get(code)?.statuses.includes(status ?? ''));
    deepEqual(
      wrong.filter(({ code }) => table.has(code)),
      [],
    );
  });

  it('have a canonical status and a remedy', () => {
    for (const [reason, { statuses, remedy }] of table) {
      for (const status of statuses) ok(status in STATUS_NUMBERS, `${reason}: ${status}`);
      match(remedy, /\w/, reason);
    }
  });

  it('that the contract names stand in the table', () => {
    const enumValues = /\b(?:ADAPTER_KIND|DATA_TYPE|FINISH_REASON|LOSS_KIND|INIT_KIND|RUN_STATE)_\w+/;
    const named = protoFiles().flatMap((path) =>
      [...readFileSync(join(protoRoot(), path), 'utf8').matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)].map(
        ([, reason]) => reason ?? '',
      ),
    );
    deepEqual([...new Set(named)].filter((reason) => !enumValues.test(reason) && !table.has(reason)).sort(), []);
  });
});

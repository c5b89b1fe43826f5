import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { protoFiles, protoRoot } from '#contracts';
import { fileDescriptors } from './file-descriptors.js';

const root = dirname(protoRoot());
const buf = join(root, 'node_modules/.bin/buf');
const ours = fileDescriptors({ root: protoRoot(), paths: protoFiles() });
const opened = (bytes: Uint8Array) =>
  descriptor.FileDescriptorProto.toObject(descriptor.FileDescriptorProto.decode(bytes));

describe('descriptors of the contract', () => {
  it(
    'equal those that buf compiles, apart from the order of imports',
    { skip: existsSync(buf) ? false : 'buf is not installed' },
    () => {
      const image = execFileSync(buf, ['build', '--exclude-source-info', '--as-file-descriptor-set', '-o', '-'], {
        cwd: root,
      });
      const set = descriptor.FileDescriptorSet.decode(image) as unknown as { file: { name: string }[] };
      equal(set.file.length, ours.size);
      for (const file of set.file) {
        const bytes = descriptor.FileDescriptorProto.encode(file as never).finish();
        const [expected, actual] = [opened(bytes), opened(ours.get(file.name) ?? Buffer.alloc(0))];
        for (const side of [expected, actual]) {
          side.dependency?.sort();
          if (file.name.startsWith('google/')) delete side.options; // Google's own options for other languages
        }
        deepEqual(actual, expected, file.name);
      }
    },
  );

  it('name every file by its path and hold every import', () => {
    for (const [name, bytes] of ours) {
      ok(!name.startsWith('/'), name);
      for (const dependency of (opened(bytes).dependency ?? []) as string[]) ok(ours.has(dependency), dependency);
    }
  });
});

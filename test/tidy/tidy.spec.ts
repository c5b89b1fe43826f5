import { describe, it } from 'node:test';
import { deepEqual, match } from 'node:assert/strict';
import { doorways, hiddenInputs, ladder, noForeignPaths, shape } from '../../scripts/tidy/rules.js';

const file = (path: string, text: string) => ({ path, text });

describe('house rules', () => {
  it('let an app import libraries and refuse another app', () => {
    deepEqual(ladder(file('apps/policy/src/a.ts', "import { x } from '#ml/engine';")), []);
    match(
      ladder(file('apps/policy/src/a.ts', "import { x } from '../../reward/src/b.js';"))[0] ?? '',
      /leaves apps\/policy/,
    );
  });

  it('let libs/ml import only upwards', () => {
    deepEqual(ladder(file('libs/ml/nn/src/a.ts', "import { x } from '#ml/graph';")), []);
    match(ladder(file('libs/ml/graph/src/a.ts', "import { x } from '#ml/nn';"))[0] ?? '', /may not/);
    match(ladder(file('libs/ml/nn/src/a.ts', "import { x } from '#platform/rpc';"))[0] ?? '', /may not/);
  });

  it('see imports that span lines and dynamic ones', () => {
    match(ladder(file('libs/core/src/a.ts', "import {\n  x,\n} from '#contracts';"))[0] ?? '', /may not/);
    match(doorways(file('libs/ml/nn/src/a.ts', "await import('onnxruntime-node')"))[0] ?? '', /only doorway/);
  });

  it('keep heavy dependencies behind their doorway', () => {
    deepEqual(doorways(file('libs/ml/runtime/src/a.ts', "import * as ort from 'onnxruntime-node';")), []);
    match(
      doorways(file('apps/policy/src/a.ts', "import * as ort from 'onnxruntime-node';"))[0] ?? '',
      /libs\\\/ml\\\/runtime/,
    );
  });

  it('find hidden inputs', () => {
    match(hiddenInputs(file('apps/policy/src/a.ts', 'const x = process.env.X;'))[0] ?? '', /process\.env/);
    match(hiddenInputs(file('libs/ml/nn/src/a.ts', 'Math.random()'))[0] ?? '', /Rng/);
    deepEqual(hiddenInputs(file('libs/ml/nn/src/a.ts', '// never Math.random\n')), []);
  });

  it('ask every file to say what it is', () => {
    match(shape(file('libs/core/src/a.ts', 'export const x = 1;\n'))[0] ?? '', /@file/);
    deepEqual(shape(file('libs/core/src/a.ts', '/** @file X. */\nexport const x = 1;\n')), []);
  });

  it('find paths of a machine', () => {
    match(noForeignPaths(file('docs/a.md', `see ${['', 'home', 'me', 'x'].join('/')}`))[0] ?? '', /machine's path/);
    deepEqual(noForeignPaths(file('docs/a.md', 'see apps/home/x and ./root/x')), []);
  });
});

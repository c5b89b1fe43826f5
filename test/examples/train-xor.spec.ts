import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

it('the XOR example learns XOR, and prints the same when run again', async () => {
  const example = fileURLToPath(new URL('../../examples/01-train-xor.js', import.meta.url));
  const run = async (): Promise<string> => (await promisify(execFile)(process.execPath, [example])).stdout;
  const printed = await run();
  const losses = [...printed.matchAll(/loss ([\d.]+)/g)].map((match) => Number(match[1]));
  const answers = printed.trim().split('\n').at(-1)?.split('answers ')[1]?.split(' ').map(Number);
  assert.ok(losses.length > 2 && losses[0]! > 0.3 && losses.at(-1)! < 0.05, printed);
  assert.deepEqual(answers?.map(Math.round), [0, 1, 1, 0]);
  assert.equal(await run(), printed);
});

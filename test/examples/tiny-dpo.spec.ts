import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

it('the DPO example starts at ln 2 and learns its preferences', async () => {
  const example = fileURLToPath(new URL('../../examples/02-tiny-dpo.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [example]);
  const losses = [...stdout.matchAll(/loss ([\d.]+)/g)].map((match) => Number(match[1]));
  assert.equal(losses[0]?.toFixed(3), Math.LN2.toFixed(3), stdout);
  assert.ok(losses.length === 12 && losses.at(-1)! < 0.5, stdout);
});

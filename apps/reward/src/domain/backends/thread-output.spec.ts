/** @file What threads print goes to stderr, however many they are and however slowly it is read. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it, mock } from 'node:test';
import { toStderr } from './thread-output.js';

describe('the output of threads', () => {
  it('hangs no listeners on stderr while it is read, and one while it is not', async () => {
    const before = process.stderr.listenerCount('drain');
    const names = ['error', 'close', 'finish', 'unpipe'];
    const counts = () => names.map((name) => process.stderr.listenerCount(name));
    const quiet = counts();
    const written: string[] = [];
    let isRead = true;
    const { mock: stderr } = mock.method(process.stderr, 'write', ((chunk: unknown) => {
      written.push(String(chunk));
      return isRead;
    }) as typeof process.stderr.write);
    const outputs = Array.from({ length: 20 }, () => new PassThrough());
    for (const output of outputs) toStderr(output);
    assert.deepEqual(counts(), quiet);
    for (const [index, output] of outputs.entries()) output.write(`${index},`);
    await new Promise(setImmediate);
    assert.equal(written.join(''), outputs.map((_, index) => `${index},`).join(''));
    isRead = false;
    for (const output of outputs) output.write('full,');
    await new Promise(setImmediate);
    assert.ok(outputs.every((output) => output.isPaused()));
    assert.equal(process.stderr.listenerCount('drain'), before + 1);
    isRead = true;
    process.stderr.emit('drain');
    for (const output of outputs) output.write('again,');
    await new Promise(setImmediate);
    stderr.restore();
    assert.equal(written.filter((text) => text === 'again,').length, 20);
    assert.equal(process.stderr.listenerCount('drain'), before);
  });
});

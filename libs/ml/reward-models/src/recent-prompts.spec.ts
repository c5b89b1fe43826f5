import { deepEqual, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentPrompts } from './recent-prompts.js';

function recorded(charactersMax: number) {
  const encoded: string[] = [];
  const prompts = new RecentPrompts((text) => {
    encoded.push(text);
    if (text === 'bad') throw new RangeError('bad');
    return [text.length];
  }, charactersMax);
  return { encoded, prompts };
}

describe('prompts that came last', () => {
  it('are encoded once', () => {
    const { encoded, prompts } = recorded(10);
    deepEqual(
      ['aa', 'bbb', 'aa', 'aa', ''].map((text) => prompts.tokensOf(text)),
      [[2], [3], [2], [2], [0]],
    );
    deepEqual(encoded, ['aa', 'bbb', '']);
  });

  it('are forgotten by the characters they take, the one first that was used least recently', () => {
    const { encoded, prompts } = recorded(6);
    for (const text of ['aaa', 'bbb', 'aaa', 'ccc', 'aaa', 'bbb']) prompts.tokensOf(text);
    deepEqual(encoded, ['aaa', 'bbb', 'ccc', 'bbb']);
  });

  it('are not kept where one alone takes too much, nor where encoding fails', () => {
    const { encoded, prompts } = recorded(3);
    for (const text of ['long text', 'long text']) deepEqual(prompts.tokensOf(text), [9]);
    for (let time = 0; time < 2; time += 1) throws(() => prompts.tokensOf('bad'), RangeError);
    prompts.tokensOf('ok');
    prompts.tokensOf('ok');
    deepEqual(encoded, ['long text', 'long text', 'bad', 'bad', 'ok']);
  });
});

import { equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { visibleText } from './visible-text.js';

describe('visible text', () => {
  it('ends before the stop text that comes first', () => {
    equal(visibleText('one END two STOP', ['STOP', 'END']), 'one ');
  });

  it('is the whole text when no stop text is in it', () => {
    equal(visibleText('one two', ['STOP']), 'one two');
  });
});

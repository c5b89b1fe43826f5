/** @file Exported classifiers: pairs, token types, padding, labels, and graphs that are no classifiers. */
import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onnxFolder, opened, plain, summary } from './testing/classifier-folders.js';

const path = await onnxFolder();
const { classifier, score } = await opened({ kind: 'onnx-classifier', path });

/** Ids of `!`, `"`, `#` … in the tiny vocabulary. */
const idOf = (character: string): number => 8 + character.charCodeAt(0) - 33;

describe('a pair', () => {
  it('is joined as the tokenizer says, with token types', () => {
    const { ids, tokenTypeIds } = classifier.encode(plain('a', 'bc'));
    deepEqual(ids, [6, idOf('a'), 7, idOf('b'), idOf('c'), 7]);
    deepEqual(tokenTypeIds, [0, 0, 0, 1, 1, 1]);
  });

  it('keeps names of control tokens in its texts as the characters they are', () => {
    const { ids } = classifier.encode(plain('a', '[SEP]b'));
    equal(ids.filter((id) => id === 7).length, 2);
    ok(ids.length > 8);
  });

  it('has the score of its own tokens, whatever it is batched with', async () => {
    const texts = ['b', 'cc', 'ddd', 'much longer text'];
    const expected = texts.map((text) => {
      const { ids, tokenTypeIds } = classifier.encode(plain('a', text));
      return ids.reduce((sum, id, t) => sum + id + 100 * tokenTypeIds[t]!, 0);
    });
    deepEqual(summary(await score(texts.map((text) => plain('a', text)))), expected);
    for (const [index, text] of texts.entries()) deepEqual(summary(await score([plain('a', text)])), [expected[index]]);
  });

  it('beyond the window fails alone, or loses tokens at the named side', async () => {
    const long = plain('a', 'b'.repeat(40));
    const codes = summary(await score([plain('a', 'b'), long, plain('a', '')]));
    deepEqual([typeof codes[0], codes[1], codes[2]], ['number', 'REWARD_INPUT_TOO_LONG', 'RESPONSE_EMPTY']);
    const cut = await opened({ kind: 'onnx-classifier', path, truncation: 'right' });
    const [outcome] = await cut.score([long]);
    ok(outcome?.ok);
    deepEqual([outcome.tokenCount, outcome.truncatedCount], [32, 12]);
  });
});

describe('an exported model', () => {
  it('whose rows see each other, as quantised ones do, is found out and computed row by row', async () => {
    ok(classifier.rowsApart);
    const mixed = await opened({ kind: 'onnx-classifier', path: await onnxFolder({ rowsMixed: true }) });
    equal(mixed.classifier.rowsApart, false);
    const texts = ['b', 'zz', 'c'].map((text) => plain('a', text));
    const together = summary(await mixed.score(texts));
    for (const [index, text] of texts.entries()) deepEqual(summary(await mixed.score([text])), [together[index]]);
  });

  it('with several labels needs a choice, by number where nothing names them', async () => {
    const two = await onnxFolder({ labelCount: 2 });
    await rejects(opened({ kind: 'onnx-classifier', path: two }), { code: 'LABEL_NOT_CHOSEN' });
    const second = await opened({ kind: 'onnx-classifier', path: two, label: 1 });
    const [one] = summary(await score([plain('a', 'b')]));
    deepEqual(summary(await second.score([plain('a', 'b')])), [2 * Number(one)]);
  });

  it('whose config names other labels than the graph gives is refused', async () => {
    const config = { max_position_embeddings: 32, id2label: { 0: 'a', 1: 'b', 2: 'c' } };
    const wrong = await onnxFolder({ labelCount: 2, config });
    await rejects(opened({ kind: 'onnx-classifier', path: wrong, label: 'a' }), {
      code: 'CLASSIFIER_INVALID',
      message: /3 labels.*2 logits/,
    });
  });

  it('with inputs that no classifier has, of another type, or without its file is refused by name', async () => {
    const strange = await onnxFolder({ strangeInput: 'past_key' });
    await rejects(opened({ kind: 'onnx-classifier', path: strange }), {
      code: 'CLASSIFIER_INVALID',
      message: /past_key/,
    });
    const narrow = await onnxFolder({ inputType: 'i32' });
    await rejects(opened({ kind: 'onnx-classifier', path: narrow }), { code: 'CLASSIFIER_INVALID', message: /int64/ });
    await rejects(opened({ kind: 'onnx-classifier', path, file: 'other.onnx' }), {
      code: 'CLASSIFIER_INVALID',
      message: /other\.onnx/,
    });
    await rejects(opened({ kind: 'onnx-classifier', path, output: 'scores' }), {
      code: 'CLASSIFIER_INVALID',
      message: /"scores".*logits/,
    });
  });

  it('that says nowhere how long its inputs may be needs a setting', async () => {
    const silent = await onnxFolder({ config: null });
    await rejects(opened({ kind: 'onnx-classifier', path: silent }), {
      code: 'CLASSIFIER_INVALID',
      message: /max_tokens/,
    });
    const told = await opened({ kind: 'onnx-classifier', path: silent, tokensMax: 16 });
    equal(told.classifier.description.tokensMax, 16);
  });

  it('has a digest that covers the graph and every setting', async () => {
    const digests = [classifier.description.digest];
    for (const settings of [{ truncation: 'left' }, { tokensMax: 16 }, { activation: 'sigmoid' }] as const) {
      digests.push((await opened({ kind: 'onnx-classifier', path, ...settings })).classifier.description.digest);
    }
    const two = await onnxFolder({ labelCount: 2 });
    digests.push((await opened({ kind: 'onnx-classifier', path: two, label: 0 })).classifier.description.digest);
    equal(new Set(digests).size, digests.length);
    notEqual(digests[0], '');
  });
});

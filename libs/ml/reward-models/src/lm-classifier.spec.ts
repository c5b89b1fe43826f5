/** @file The mistakes that reward servers make with chats, each pinned: template, start and end tokens, padding, length. */
import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { lmFolder, opened, plain, summary } from './testing/classifier-folders.js';
import { TINY_TOKEN } from './testing/tiny-classifiers.js';

const TOLERANCE = 1e-5;
const path = await lmFolder({ headScale: 1 });
const { classifier, score } = await opened({ kind: 'lm-classifier', path });

const near = (a: number | string | undefined, b: number | string | undefined): void =>
  ok(Math.abs(Number(a) - Number(b)) <= TOLERANCE, `${a} is not ${b}`);

describe('a chat', () => {
  it('is rendered without a generation prompt and begins with one start token, ends with one end token', () => {
    const { ids } = classifier.encode(plain('Hi', 'Yo'));
    equal(ids.filter((id) => id === TINY_TOKEN.bos).length, 1);
    equal(ids[0], TINY_TOKEN.bos);
    equal(ids.at(-1), TINY_TOKEN.end);
    equal(ids.length, 1 + (1 + 2 + 1) + (1 + 2 + 1));
  });

  it('takes a plain prompt as one turn of the user', () => {
    const asChat = { prompt: { messages: [{ role: 'user', content: 'Hi' }], text: 'Hi' }, response: 'Yo' };
    deepEqual(classifier.encode(asChat), classifier.encode(plain('Hi', 'Yo')));
  });

  it('keeps names of control tokens in a response as the characters they are', () => {
    const { ids } = classifier.encode(plain('Hi', 'x<|end|><|user|>y'));
    equal(ids.filter((id) => id === TINY_TOKEN.end).length, 2);
  });

  it('that the assistant would go on with, or that has no response, is refused', async () => {
    const turn = { role: 'assistant', content: 'So' };
    const outcomes = await score([{ prompt: { messages: [turn], text: 'So' }, response: 'Yo' }, plain('Hi', '')]);
    deepEqual(summary(outcomes), ['PROMPT_INVALID', 'RESPONSE_EMPTY']);
  });
});

describe('a score', () => {
  const inputs = ['a', 'bb', 'a much longer response than all', 'c', 'dddd'].map((text) => plain('Hi', text));

  it('depends on its response, not on its neighbours, their number or their length, to the bit', async () => {
    const together = summary(await score(inputs));
    equal(new Set(together).size, inputs.length);
    deepEqual(summary(await score(inputs.toReversed())).toReversed(), together);
    for (const count of [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 60]) {
      const others = Array.from({ length: count }, (_, index) => plain('Hi', 'neighbours'.slice(0, 1 + (index % 10))));
      deepEqual(summary(await score([...others, ...inputs])).slice(count), together, `${count} others`);
    }
    for (const [index, input] of inputs.entries()) deepEqual(summary(await score([input])), [together[index]]);
  });

  it('has the same bits when the same call comes again', async () => {
    deepEqual(await score(inputs), await score(inputs));
  });

  it('is not spoilt by a neighbour that has none', async () => {
    const [first, tooLong, malformed, last] = summary(
      await score([inputs[0]!, plain('Hi', 'x'.repeat(100)), plain('Hi', '\ud800'), inputs[1]!]),
    );
    deepEqual([tooLong, malformed], ['REWARD_INPUT_TOO_LONG', 'TEXT_MALFORMED']);
    const [a, b] = summary(await score(inputs.slice(0, 2)));
    near(first, a);
    near(last, b);
  });

  it('is read before the end token where the model pads with its end token', async () => {
    const padIsEnd = await lmFolder({ headScale: 1, config: { pad_token_id: TINY_TOKEN.end } });
    const { score: scorePadded } = await opened({ kind: 'lm-classifier', path: padIsEnd });
    const input = plain('Hi', 'Yo');
    const { length } = classifier.encode(input).ids;
    const withoutEnd = await opened({ kind: 'lm-classifier', path, truncation: 'right', tokensMax: length - 1 });
    near(summary(await scorePadded([input]))[0], summary(await withoutEnd.score([input]))[0]);
    notEqual(summary(await scorePadded([input]))[0], summary(await score([input]))[0]);
  });

  it('tells how much was cut off, where cutting is allowed', async () => {
    const left = await opened({ kind: 'lm-classifier', path, truncation: 'left', tokensMax: 8 });
    const [outcome] = await left.score([plain('Hi', '12345678')]);
    ok(outcome?.ok);
    deepEqual([outcome.tokenCount, outcome.truncatedCount], [8, 7]);
  });

  it('of weights that overflow is an error', async () => {
    const { score: broken } = await opened({ kind: 'lm-classifier', path: await lmFolder({ headScale: 1e38 }) });
    const codes = new Set(summary(await broken(inputs)));
    deepEqual(codes, new Set(['REWARD_NOT_FINITE']));
  });
});

describe('a model', () => {
  const twoLabels = { id2label: { 0: 'bad', 1: 'good' } };

  it('with several labels is refused until one is chosen', async () => {
    const dir = await lmFolder({ config: twoLabels });
    await rejects(opened({ kind: 'lm-classifier', path: dir }), { code: 'LABEL_NOT_CHOSEN' });
    const { classifier: chosen } = await opened({ kind: 'lm-classifier', path: dir, label: 'good' });
    equal(chosen.description.label, 'good');
  });

  it('has a digest that covers weights, template and every setting', async () => {
    const [other, templated, two] = await Promise.all([
      lmFolder({ headScale: 1.5 }),
      lmFolder({ headScale: 1, template: '{{- messages[-1].content -}}' }),
      lmFolder({ headScale: 1, config: twoLabels }),
    ]);
    const specs = [
      { path },
      { path: other },
      { path: templated },
      { path, truncation: 'left' },
      { path, truncation: 'right' },
      { path, tokensMax: 63 },
      { path, activation: 'sigmoid' },
      { path: two, label: 0 },
      { path: two, label: 1 },
    ] as const;
    const digests: string[] = [];
    for (const spec of specs)
      digests.push((await opened({ kind: 'lm-classifier', ...spec })).classifier.description.digest);
    equal(new Set(digests).size, specs.length);
    const again = await opened({ kind: 'lm-classifier', path: await lmFolder({ headScale: 1 }) });
    equal(again.classifier.description.digest, digests[0]);
    match(digests[0]!, /^sha256:/);
  });

  it('without a template, with another architecture or with a head of another size is refused by name', async () => {
    const bare = await lmFolder();
    await writeFile(join(bare, 'tokenizer_config.json'), '{"bos_token":"<|bos|>","eos_token":"<|end|>"}');
    await rejects(opened({ kind: 'lm-classifier', path: bare }), { code: 'CHAT_TEMPLATE_MISSING' });
    const foreign = await lmFolder();
    await writeFile(join(foreign, 'config.json'), '{"architectures":["GPT2ForSequenceClassification"]}');
    await rejects(opened({ kind: 'lm-classifier', path: foreign }), {
      code: 'ARCHITECTURE_UNSUPPORTED',
      message: /GPT2/,
    });
  });
});

/**
 * @file The mistakes that moved reward models of other projects, each pinned where this one could make it: a score read at
 * the first padding or end token (on the prompt), start tokens doubled or missing, end tokens missing, a generation prompt
 * behind the response, hidden states scaled to length 1 before the head, padding and truncation at the wrong side.
 */
import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { f32Tensor, type F32Tensor } from '#core';
import { MODEL_FILE, readF32Tensors, writeTensors } from '#ml/tensor';
import { lmFolder, onnxFolder, opened, plain, summary } from './testing/classifier-folders.js';
import { TINY_TEMPLATE, TINY_TOKEN } from './testing/tiny-classifiers.js';

const USER = 3;
const ASSISTANT = 4;
const { bos: BOS, end: END } = TINY_TOKEN;
/** Id of a printable character. */
const idOf = (character: string): number => 8 + character.charCodeAt(0) - 33;
const ids = (text: string): number[] => Array.from(text, idOf);
/** As the template writes it. */
const chatIds = (prompt: string, response: string): number[] => [
  BOS,
  USER,
  ...ids(prompt),
  END,
  ASSISTANT,
  ...ids(response),
  END,
];

const path = await lmFolder();
const { classifier, score } = await opened({ kind: 'lm-classifier', path });
const scoreOf = async (prompt: string, response: string): Promise<number> =>
  Number(summary(await score([plain(prompt, response)]))[0]);

const near = (a: number, b: number, tolerance = 1e-5): void => ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

describe('the place that is read', () => {
  it('lies behind the response, not at the end token of the prompt', async () => {
    notEqual(await scoreOf('Hi', 'Yo'), await scoreOf('Hi', 'No'));
  });

  it('is the end token of the response, which is not padding', async () => {
    const { length } = chatIds('Hi', 'Yo');
    const cut = await opened({ kind: 'lm-classifier', path, truncation: 'right', tokensMax: length - 1 });
    notEqual(await scoreOf('Hi', 'Yo'), summary(await cut.score([plain('Hi', 'Yo')]))[0]);
  });

  it('does not move when a longer neighbour pads the batch', async () => {
    const [alone] = summary(await score([plain('Hi', 'Yo')]));
    const [beside] = summary(await score([plain('Hi', 'Yo'), plain('Hi', 'a-much-longer-response')]));
    near(Number(alone), Number(beside));
  });

  it('does not move for a model that pads with its end token, whatever pads the batch', async () => {
    const padIsEnd = await lmFolder({ config: { pad_token_id: END } });
    const other = await opened({ kind: 'lm-classifier', path: padIsEnd });
    const [alone] = summary(await other.score([plain('Hi', 'Yo')]));
    const [beside] = summary(await other.score([plain('Hi', 'Yo'), plain('Hi', 'a-much-longer-response')]));
    near(Number(alone), Number(beside));
  });
});

describe('the tokens that are read', () => {
  it("are the template's, token for token: one start token, both end tokens, nothing behind", () => {
    deepEqual(classifier.encode(plain('Hi', 'Yo')).ids, chatIds('Hi', 'Yo'));
  });

  it('begin with no start token where the template writes none, and end with none where it writes none', async () => {
    const bare = await lmFolder({
      template: '{%- for m in messages -%}{{- "<|" + m.role + "|>" + m.content -}}{%- endfor -%}',
    });
    const { classifier: other } = await opened({ kind: 'lm-classifier', path: bare });
    deepEqual(other.encode(plain('Hi', 'Yo')).ids, [USER, ...ids('Hi'), ASSISTANT, ...ids('Yo')]);
  });

  it('are doubled where the template doubles them: it alone decides', async () => {
    const twice = await lmFolder({ template: `{{- bos_token -}}${TINY_TEMPLATE}` });
    const { classifier: other } = await opened({ kind: 'lm-classifier', path: twice });
    deepEqual(other.encode(plain('Hi', 'Yo')).ids.slice(0, 3), [BOS, BOS, USER]);
  });

  it('hold no head of another turn behind the response', () => {
    equal(classifier.encode(plain('Hi', 'Yo')).ids.filter((id) => id === ASSISTANT).length, 1);
  });
});

describe('the number that is given', () => {
  it('grows with the hidden state: it is not scaled to length 1 before the head', async () => {
    const louder = await lmFolder();
    const file = join(louder, MODEL_FILE);
    const tensors = new Map<string, F32Tensor>(await readF32Tensors(file));
    const norm = tensors.get('model.norm.weight')!;
    tensors.set(
      'model.norm.weight',
      f32Tensor(
        norm.dims,
        norm.data.map((value) => 2 * value),
      ),
    );
    await writeTensors(file, tensors);
    const other = await opened({ kind: 'lm-classifier', path: louder });
    near(Number(summary(await other.score([plain('Hi', 'Yo')]))[0]), 2 * (await scoreOf('Hi', 'Yo')), 1e-4);
  });

  it('is the logit, not its sigmoid', async () => {
    const strong = await opened({ kind: 'lm-classifier', path: await lmFolder({ headScale: 100 }) });
    near(Number(summary(await strong.score([plain('Hi', 'Yo')]))[0]), 100 * (await scoreOf('Hi', 'Yo')), 1e-2);
  });
});

describe('what exceeds the window', () => {
  const response = 'abcdefgh';

  it('is refused unless a side is named', async () => {
    const short = await opened({ kind: 'lm-classifier', path, tokensMax: 8 });
    deepEqual(summary(await short.score([plain('Hi', response)])), ['REWARD_INPUT_TOO_LONG']);
  });

  it('loses the oldest tokens from the left, so that the end of the response is read', async () => {
    const left = await opened({ kind: 'lm-classifier', path, truncation: 'left', tokensMax: 8 });
    const { ids: kept, truncatedCount } = left.classifier.encode(plain('Hi', response));
    deepEqual(kept, chatIds('Hi', response).slice(-8));
    equal(truncatedCount, chatIds('Hi', response).length - 8);
  });

  it('loses the newest from the right, end token included, and says how many', async () => {
    const right = await opened({ kind: 'lm-classifier', path, truncation: 'right', tokensMax: 8 });
    const { ids: kept, truncatedCount } = right.classifier.encode(plain('Hi', response));
    deepEqual(kept, chatIds('Hi', response).slice(0, 8));
    equal(truncatedCount, chatIds('Hi', response).length - 8);
  });

  it('of a pair spares the special tokens at either side', async () => {
    const onnx = await onnxFolder();
    for (const [truncation, kept] of [
      ['left', [6, 7, ...ids('efgh'), 7]],
      ['right', [6, ...ids('Hi'), 7, ...ids('ab'), 7]],
    ] as const) {
      const pair = await opened({ kind: 'onnx-classifier', path: onnx, truncation, tokensMax: 7 });
      deepEqual(pair.classifier.encode(plain('Hi', response)).ids, kept);
    }
  });

  it('cannot be widened beyond what the model was made for', async () => {
    await rejects(opened({ kind: 'lm-classifier', path, tokensMax: 65 }), { code: 'CLASSIFIER_INVALID' });
  });
});

describe('a tokenizer of another model', () => {
  it('with more tokens than the model has is refused at the start', async () => {
    const small = await lmFolder({ config: { vocab_size: 60 } });
    await rejects(opened({ kind: 'lm-classifier', path: small }), {
      code: 'CLASSIFIER_INVALID',
      message: /tokenizer of at most 60 tokens/,
    });
    const exported = await onnxFolder({ config: { max_position_embeddings: 32, vocab_size: 60 } });
    await rejects(opened({ kind: 'onnx-classifier', path: exported }), {
      code: 'CLASSIFIER_INVALID',
      message: /tokenizer of at most 60 tokens/,
    });
  });
});

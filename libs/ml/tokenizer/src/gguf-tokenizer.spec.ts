/** Tokenizers from GGUF metadata, made from the tokenizer.json of models whose results are known. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { f32Tensor } from '#core';
import { GgufMetadata, gguf, writeGguf, type GgufValue } from '#ml/gguf';
import { sharedFolder, skipWithout } from '../../../../test/support/shared-folder.js';
import { ChatTokenizer } from './chat-tokenizer.js';
import { ggufTokenizer } from './gguf-tokenizer.js';

const at = (key: string) => `tokenizer.ggml.${key}`;
/** Ġ is a blank. */
const TOKENS = ['<|end|>', 'a', 'b', 'Ġ', '1', 'Ġa', 'ab', '<|user|>'];

function metadata(changes: Readonly<Record<string, GgufValue | undefined>> = {}): Map<string, GgufValue> {
  const entries: Record<string, GgufValue | undefined> = {
    [at('model')]: gguf.string('gpt2'),
    [at('pre')]: gguf.string('smollm'),
    [at('tokens')]: gguf.strings(TOKENS),
    [at('token_type')]: gguf.int32s([3, 1, 1, 1, 1, 1, 1, 4]),
    [at('merges')]: gguf.strings(['Ġ a', 'a b']),
    [at('eos_token_id')]: gguf.uint32(0),
    'tokenizer.chat_template': gguf.string('{% for m in messages %}<|user|>{{ m.content }}<|end|>{% endfor %}'),
    ...changes,
  };
  return new Map(Object.entries(entries).filter((entry): entry is [string, GgufValue] => entry[1] !== undefined));
}

const read = (changes?: Readonly<Record<string, GgufValue | undefined>>) =>
  ggufTokenizer(new GgufMetadata('file', metadata(changes)));

describe('a tokenizer in GGUF metadata', () => {
  let dir = '';
  before(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-tokenizer-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  async function load(changes?: Readonly<Record<string, GgufValue | undefined>>, vocabularySize?: number) {
    const path = join(dir, 'model.gguf');
    const tensor = { name: 't', type: 'F32', dims: [1], read: () => f32Tensor([1], Float32Array.of(1)) } as const;
    await writeGguf(path, { metadata: metadata(changes), tensors: [tensor] });
    return ChatTokenizer.load(path, vocabularySize === undefined ? {} : { vocabularySize });
  }

  it('encodes, decodes and renders like that of a folder', async () => {
    const tokenizer = await load();
    deepEqual(tokenizer.encode('ab a1', { addSpecial: false }), [6, 5, 4]);
    equal(tokenizer.decode([6, 5, 4, 0], { skipSpecial: true }), 'ab a1');
    deepEqual(tokenizer.encodePrompt({ kind: 'conversation', messages: [{ role: 'user', content: 'a' }] }), [7, 1, 0]);
    deepEqual([...tokenizer.specialTokenIds], [0]);
    equal(tokenizer.eosTokenId, 0);
  });

  it('adds start and end tokens where it says so', async () => {
    const tokenizer = await load({
      [at('bos_token_id')]: gguf.uint32(7),
      [at('add_bos_token')]: gguf.bool(true),
      [at('add_eos_token')]: gguf.bool(true),
    });
    deepEqual(tokenizer.encode('a', { addSpecial: true }), [7, 1, 0]);
    deepEqual(tokenizer.encode('a', { addSpecial: false }), [1]);
  });

  it('is refused when it has more tokens than the embedding has rows', async () => {
    await load({}, TOKENS.length);
    await rejects(load({}, TOKENS.length - 1), { code: 'TOKENIZER_INVALID', message: /<\|user\|>.* 7 rows/ });
  });

  it('is refused by name when it is of a kind not known here', () => {
    for (const [changes, code, message] of [
      [{ [at('model')]: gguf.string('t5') }, 'GGUF_UNSUPPORTED', /tokenizer model t5/],
      [{ [at('pre')]: gguf.string('tomorrow') }, 'GGUF_UNSUPPORTED', /pre-tokenizer tomorrow/],
      [{ [at('pre')]: gguf.string('constructor') }, 'GGUF_UNSUPPORTED', /pre-tokenizer constructor/],
      [{ [at('model')]: undefined }, 'GGUF_INVALID', /tokenizer.ggml.model: is missing/],
      [{ [at('tokens')]: gguf.string('a') }, 'GGUF_INVALID', /expected a list/],
      [{ [at('tokens')]: gguf.strings(['a', 'a']) }, 'GGUF_INVALID', /each token once/],
      [{ [at('token_type')]: gguf.int32s([1]) }, 'GGUF_INVALID', /8 types/],
      [{ [at('merges')]: gguf.strings(['a']) }, 'GGUF_INVALID', /does not join two tokens/],
      [{ [at('merges')]: gguf.strings(['a 1']) }, 'GGUF_INVALID', /does not join two tokens/],
      [{ [at('eos_token_id')]: gguf.uint32(8) }, 'GGUF_INVALID', /an id below 8/],
      [{ [at('model')]: gguf.string('llama') }, 'GGUF_INVALID', /scores: is missing/],
    ] as const) {
      throws(() => read(changes), { code, message }, String(message));
    }
  });

  for (const [model, keys] of [
    ['llama-rope3', { [at('pre')]: gguf.string('llama-bpe') }],
    ['qwen2', { [at('pre')]: gguf.string('qwen2') }],
    ['llama-tied', { [at('pre')]: gguf.string('gpt-2') }],
  ] as const) {
    it(`gives the ids of the folder it was made from: ${model}`, { skip: skipWithout('golden') }, async () => {
      const folder = join(sharedFolder('golden'), 'models', model);
      const texts = goldenTexts(model);
      const own = await load({ ...keys, ...entriesOf(folder) });
      const theirs = await ChatTokenizer.load(folder);
      ok(texts.length > 20);
      for (const text of texts) {
        const ids = theirs.encode(text, { addSpecial: false });
        deepEqual(own.encode(text, { addSpecial: false }), ids, text);
        equal(own.decode(ids, { skipSpecial: false }), theirs.decode(ids, { skipSpecial: false }), text);
      }
    });
  }

  it('of SentencePiece gives the ids of the folder it was made from', { skip: skipWithout('golden') }, async () => {
    const folder = join(sharedFolder('golden'), 'models', 'mistral-window');
    const theirs = await ChatTokenizer.load(folder);
    const entries = entriesOf(folder);
    const { values } = entries[at('tokens')] as { readonly values: readonly string[] };
    // As SentencePiece's own trainer numbers them: a piece's score is the lower, the later it was made.
    const scores = Float32Array.from(values, (_, id) => -id);
    const own = await load({ ...entries, [at('model')]: gguf.string('llama'), [at('scores')]: gguf.float32s(scores) });
    for (const text of goldenTexts('mistral-window')) {
      const ids = theirs.encode(text, { addSpecial: false });
      deepEqual(own.encode(text, { addSpecial: false }), ids, text);
      equal(own.decode(ids, { skipSpecial: false }), theirs.decode(ids, { skipSpecial: false }), text);
    }
  });
});

function goldenTexts(model: string): string[] {
  const path = join(sharedFolder('golden'), 'cases', `tokenizer-${model}`, 'case.json');
  const { encodings } = JSON.parse(readFileSync(path, 'utf8')) as { encodings: { text: string }[] };
  return encodings.map(({ text }) => text);
}

/** The metadata that llama.cpp's converter would write for a folder's tokenizer. */
function entriesOf(folder: string): Record<string, GgufValue> {
  const json = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as {
    readonly model: {
      readonly vocab: Readonly<Record<string, number>>;
      readonly merges: readonly (string | readonly string[])[];
    };
    readonly added_tokens: readonly { readonly id: number; readonly content: string; readonly special: boolean }[];
  };
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(json.model.vocab)) tokens[id] = token;
  for (const { id, content } of json.added_tokens) tokens[id] = content;
  const kinds: number[] = tokens.map((token) => (/^<0x[0-9A-F]{2}>$/.test(token) ? 6 : 1));
  for (const { id, special } of json.added_tokens) kinds[id] = special ? 3 : 4;
  const merges = json.model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')));
  return {
    [at('tokens')]: gguf.strings(tokens),
    [at('token_type')]: gguf.int32s(kinds),
    [at('merges')]: gguf.strings(merges),
  };
}

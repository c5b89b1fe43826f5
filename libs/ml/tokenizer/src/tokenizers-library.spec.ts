/** What tokenizers 0.23.3 (Rust, from Python) gives where the JavaScript library by itself gives something else. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatTokenizer } from './chat-tokenizer.js';

const BYTES = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
const PIECES = ['<unk>', '</s>', '\u2581', '\u2581a', 'b'];
/** Of Greek texts: a, sigma, final sigma. */
const GREEK = ['\u2581\u03B1', '\u03C3', '\u03C2'];
/** Id of the byte token 0. */
const ZERO = PIECES.length + GREEK.length;

describe('a tokenizer of pieces', () => {
  let dir = '';
  before(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-pieces-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  interface Settings {
    readonly byteFallback?: boolean;
    readonly scheme?: string;
    readonly normalizer?: object;
  }

  async function load({ byteFallback = false, scheme = 'always', normalizer }: Settings) {
    const vocab = [...PIECES, ...GREEK, ...BYTES].map((piece, id) => [piece, id < ZERO ? -id : -20]);
    const metaspace = { type: 'Metaspace', replacement: '\u2581', prepend_scheme: scheme, split: true };
    const decoders = [{ type: 'ByteFallback' }, metaspace];
    const tokenizer = {
      added_tokens: [{ id: 1, content: '</s>', special: true }],
      normalizer: normalizer ?? null,
      pre_tokenizer: metaspace,
      post_processor: null,
      decoder: { type: 'Sequence', decoders },
      model: { type: 'Unigram', unk_id: 0, vocab, byte_fallback: byteFallback },
    };
    writeFileSync(join(dir, 'tokenizer.json'), JSON.stringify(tokenizer));
    return ChatTokenizer.load(dir, { eosTokenId: 1 });
  }

  it('writes what no piece covers as bytes, where its model says so', async () => {
    const tokenizer = await load({ byteFallback: true });
    deepEqual(tokenizer.encode('ab\u00E9\n', { addSpecial: false }), [3, 4, ZERO + 0xc3, ZERO + 0xa9, ZERO + 0x0a]);
    equal(
      tokenizer.decode(tokenizer.encode('ab\u00E9\n', { addSpecial: false }), { skipSpecial: false }),
      'ab\u00E9\n',
    );
  });

  it('writes it as one unknown token where not', async () => {
    deepEqual((await load({})).encode('ab\u00E9\n', { addSpecial: false }), [3, 4, 0]);
  });

  it('makes letters small one by one', async () => {
    const bert = { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null };
    for (const normalizer of [
      { type: 'Lowercase' },
      { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] },
      { ...bert, lowercase: true },
    ]) {
      const ids = (await load({ normalizer })).encode('\u0391\u03A3', { addSpecial: false });
      deepEqual(ids, [5, 6], JSON.stringify(normalizer));
    }
  });

  it('drops the blanks of the first piece only where one was put before the text', async () => {
    const pieces = [2, 2, 4];
    equal((await load({ scheme: 'always' })).decode(pieces, { skipSpecial: false }), ' b');
    equal((await load({ scheme: 'never' })).decode(pieces, { skipSpecial: false }), '  b');
  });
});

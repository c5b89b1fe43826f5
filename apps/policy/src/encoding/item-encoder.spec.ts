import { deepEqual, equal, throws } from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ChatTokenizer } from '#ml/tokenizer';
import { sharedFolder, skipWithout } from '../../../../test/support/shared-folder.js';
import { ItemEncoder } from './item-encoder.js';

const LONE_SURROGATE = 'cut in \ud83d two';

describe('item encoder', { skip: skipWithout('golden') }, () => {
  let tokenizer: ChatTokenizer;
  let encoder: ItemEncoder;

  before(async () => {
    tokenizer = await ChatTokenizer.load(join(sharedFolder('golden'), 'models', 'llama-tied'));
    encoder = new ItemEncoder({ tokenizer, contextTokensMax: 6 });
  });

  const ids = (...list: number[]) => ({ form: 'tokenIds' as const, tokenIds: { ids: list } });

  it('refuses text with a lone surrogate, in every place', () => {
    const chat = { messages: [{ role: 'user', content: LONE_SURROGATE }] };
    throws(() => encoder.prompt({ form: 'text', text: LONE_SURROGATE }), { code: 'TEXT_MALFORMED' });
    throws(() => encoder.prompt({ form: 'conversation', conversation: chat }), { code: 'TEXT_MALFORMED' });
    throws(() => encoder.response({ form: 'text', text: LONE_SURROGATE, truncated: false }, [1]), {
      code: 'TEXT_MALFORMED',
    });
  });

  it('appends the end token unless the response was truncated', () => {
    deepEqual(encoder.response({ ...ids(5, 6), truncated: false }, [1]), [5, 6, tokenizer.eosTokenId]);
    deepEqual(encoder.response({ ...ids(5, 6), truncated: true }, [1]), [5, 6]);
  });

  it('takes what just fits the context and refuses one token more', () => {
    equal(encoder.prompt(ids(1, 2, 3, 4, 5)).length, 5);
    throws(() => encoder.prompt(ids(1, 2, 3, 4, 5, 6)), { code: 'PROMPT_TOO_LONG' });
    equal(encoder.prompt(ids(1, 2, 3), 3).length, 3);
    throws(() => encoder.prompt(ids(1, 2, 3), 4), { code: 'PROMPT_TOO_LONG' });
    equal(encoder.response({ ...ids(5), truncated: false }, [1, 2, 3, 4]).length, 2);
    throws(() => encoder.response({ ...ids(5), truncated: false }, [1, 2, 3, 4, 5]), { code: 'PROMPT_TOO_LONG' });
  });

  it('refuses an empty response even though it would have an end token', () => {
    throws(() => encoder.response({ form: 'text', text: '', truncated: false }, [1]), { code: 'RESPONSE_EMPTY' });
    throws(() => encoder.response(null, [1]), { code: 'RESPONSE_EMPTY' });
  });
});

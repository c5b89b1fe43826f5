/** @file slime's remote reward model and the JSON of our own: one sample, or many with an outcome each. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf, facadeClient } from './testing/facade-client.js';
import { lengthServices } from './testing/length-services.js';

const services = lengthServices({ names: ['length'] });
const post = await facadeClient(services);
const lastItem = () => services.calls.at(-1)!.items[0];
const textOf = (text: string) => ({ kind: 'text', text, truncated: false });

describe('/rm', () => {
  it('answers one sample with a number', async () => {
    const { status, body, headers } = await post('/rm', { prompt: '1+1=', response: '2', label: '2' });
    assert.deepEqual([status, body, headers.get('content-type')], [200, 1, 'application/json']);
    assert.deepEqual(lastItem(), {
      itemId: '0',
      prompt: { kind: 'text', text: '1+1=' },
      responses: [textOf('2')],
    });
  });

  it('answers with an object for `--reward-key` where the URL asks for it', async () => {
    const { body } = await post('/rm?reply=object', { prompt: '1+1=', response: 'two', label: null });
    const { score, components, provenance } = body as {
      score: number;
      components: object;
      provenance: { epoch: number };
    };
    assert.deepEqual([score, components, provenance.epoch], [3, { words: 1 }, 3]);
  });

  it('reads prompts that slime has rendered, and prompts that are messages', async () => {
    const messages = [{ role: 'user', content: 'hi' }];
    const rendered = '<start_of_turn>user\nhi<end_of_turn>\n<start_of_turn>model\n';
    for (const [prompt, response] of [
      [rendered, 'hello<end_of_turn>'],
      [rendered, 'hello'],
      [messages, 'hello'],
    ] as const) {
      assert.equal((await post('/rm', { prompt, response, label: '' })).body, 5);
      assert.deepEqual(lastItem()?.prompt, { kind: 'conversation', messages });
    }
  });

  it('has no number for a sample without a score', async () => {
    const sample = { prompt: 'p', label: null };
    assert.deepEqual(errorOf(await post('/rm', { ...sample, response: 'timeout' })), [
      500,
      'ITEMS_FAILED',
      [0, 'REWARD_BACKEND_TIMEOUT'],
    ]);
    assert.deepEqual(errorOf(await post('/rm', { ...sample, response: '' })), [
      422,
      'ITEMS_REFUSED',
      [0, 'RESPONSE_EMPTY'],
    ]);
    assert.deepEqual(errorOf(await post('/rm?chat=chatml', { ...sample, response: 'a' })), [
      422,
      'ITEMS_REFUSED',
      [0, 'CHAT_FORMAT_MISMATCH'],
    ]);
    assert.deepEqual(errorOf(await post('/rm', sample)), [400, 'REQUEST_INVALID']);
  });
});

describe('/annotate', () => {
  it('gives every response an outcome of its own', async () => {
    const prompt = [{ role: 'user', content: 'hi' }];
    const completion = [{ role: 'assistant', content: 'hello' }];
    const { status, body } = await post('/annotate', {
      items: [
        { prompt, responses: [completion, 'timeout', ''] },
        { prompt: 'p', responses: ['x'] },
        { prompt: '\ud800', responses: ['x', 'y'] },
      ],
    });
    const { items, provenance } = body as {
      items: readonly { scores: unknown; components: unknown; errors: readonly ({ code: string } | null)[] }[];
      provenance: { reward_model: string };
    };
    assert.deepEqual([status, provenance.reward_model], [200, 'length']);
    assert.deepEqual(
      items.map(({ scores }) => scores),
      [[5, null, null], [1], [null, null]],
    );
    assert.deepEqual(
      items.map(({ errors }) => errors.map((error) => error?.code)),
      [[undefined, 'REWARD_BACKEND_TIMEOUT', 'RESPONSE_EMPTY'], [undefined], ['TEXT_MALFORMED', 'TEXT_MALFORMED']],
    );
    assert.deepEqual(items[0]?.components, [{ words: 1 }, null, null]);
  });

  it('refuses bodies of another shape', async () => {
    for (const body of [
      {},
      { items: [] },
      { items: [{ prompt: 'p', responses: [] }] },
      { items: [{ responses: ['a'] }] },
    ]) {
      assert.deepEqual(errorOf(await post('/annotate', body)), [400, 'REQUEST_INVALID'], JSON.stringify(body));
    }
  });
});

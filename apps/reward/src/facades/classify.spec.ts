/** @file vLLM's classification API: payloads as verl and vLLM's own examples send them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf, facadeClient } from './testing/facade-client.js';
import { LENGTH_PROVENANCE, lengthServices } from './testing/length-services.js';

const services = lengthServices();
const post = await facadeClient(services);
const lastItem = () => {
  const [{ prompt, responses } = { prompt: undefined, responses: [] }] = services.calls.at(-1)!.items;
  return { prompt, response: responses[0] };
};
const textOf = (text: string) => ({ kind: 'text', text, truncated: false });

interface Reply {
  readonly id: string;
  readonly model: string;
  readonly created: number;
  readonly data: readonly { readonly index: number; readonly probs: readonly number[] }[];
}

describe('/classify', () => {
  it('answers verl, whose chat lacks the begin token and whose score is the last number of the last item', async () => {
    const input =
      '<|start_header_id|>user<|end_header_id|>\n\nTwo and two?<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\nFour.<|eot_id|>';
    const sent = { model: 'org/some-reward-model', input, use_activation: false };
    const { status, body } = await post('/models/length/classify', sent);
    const { id, created, ...rest } = body as Reply;
    assert.equal(status, 200);
    assert.match(id, /^classify-./);
    assert.ok(Number.isSafeInteger(created));
    const { provenance: _, ...plain } = rest as Record<string, unknown>;
    assert.deepEqual(plain, {
      object: 'list',
      model: 'length',
      data: [{ index: 0, label: null, probs: [5], num_classes: 1 }],
      usage: { prompt_tokens: 0, total_tokens: 0, completion_tokens: 0, prompt_tokens_details: null },
    });
    const messages = [{ role: 'user', content: 'Two and two?' }];
    assert.deepEqual(lastItem(), { prompt: { kind: 'conversation', messages }, response: textOf('Four.') });
    const older = await post('/models/length/classify', { model: 'org/some-reward-model', input, activation: false });
    assert.equal((older.body as Reply).data.at(-1)?.probs.at(-1), 5);
  });

  it('scores plain texts whole, several in order', async () => {
    const { body } = await post('/classify', { model: 'length', input: ['Loved it.', 'No'] });
    assert.deepEqual(
      (body as Reply).data.map(({ index, probs }) => [index, ...probs]),
      [
        [0, 9],
        [1, 2],
      ],
    );
    assert.deepEqual(lastItem(), { prompt: { kind: 'text', text: '' }, response: textOf('Loved it.') });
    assert.deepEqual(errorOf(await post('/classify?unsplit=refuse', { model: 'length', input: 'No' })), [
      422,
      'ITEMS_REFUSED',
      [0, 'RESPONSE_UNSPLIT'],
    ]);
  });

  it('reads messages whose last is the response, in parts too', async () => {
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: 'yes' },
    ];
    await post('/classify', { model: 'length', messages });
    const read = [{ role: 'user', content: 'ab' }];
    assert.deepEqual(lastItem(), { prompt: { kind: 'conversation', messages: read }, response: textOf('yes') });
    for (const wrong of [messages.slice(0, 1), messages.slice(1)]) {
      const refused = errorOf(await post('/classify', { model: 'length', messages: wrong }));
      assert.deepEqual(refused, [422, 'ITEMS_REFUSED', [0, 'RESPONSE_UNSPLIT']]);
    }
  });

  it('refuses token ids by name', async () => {
    const refused = errorOf(await post('/classify', { model: 'length', input: [[1, 2], [3]] }));
    assert.deepEqual(refused, [422, 'ITEMS_REFUSED', [0, 'TOKEN_IDS_UNSUPPORTED'], [1, 'TOKEN_IDS_UNSUPPORTED']]);
    assert.equal(errorOf(await post('/classify', { model: 'length', input: [1, 2] })).length, 3);
  });

  it('refuses what would make another score of it, and what says two things', async () => {
    const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }];
    for (const extra of [
      { use_activation: true },
      { softmax: true },
      { truncate_prompt_tokens: 100 },
      { chat_template: '{{ messages }}' },
      { add_generation_prompt: true },
      { messages: [{ role: 'user', content: 'a' }] },
      { input: null },
      { input: null, messages: image },
    ]) {
      const refused = errorOf(await post('/classify', { model: 'length', input: 'a', ...extra }));
      assert.deepEqual(refused, [400, 'REQUEST_INVALID'], JSON.stringify(extra));
    }
    const indifferent = { truncate_prompt_tokens: null, add_special_tokens: false, user: 'me', priority: 0 };
    assert.equal((await post('/classify', { model: 'length', input: 'a', ...indifferent })).status, 200);
  });
});

describe('/score and /v1/score', () => {
  it('score one prompt with many responses, and pairs, under each of the names', async () => {
    for (const [prompts, responses] of [
      ['queries', 'documents'],
      ['queries', 'items'],
      ['text_1', 'text_2'],
      ['data_1', 'data_2'],
    ] as const) {
      const one = await post('/v1/score', { model: 'length', [prompts]: 'p', [responses]: ['a', 'bb'] });
      const pairs = await post('/score', { model: 'length', [prompts]: ['p', 'q'], [responses]: ['a', 'bb'] });
      for (const { body } of [one, pairs]) {
        const { data } = body as { data: readonly object[] };
        assert.deepEqual(data, [
          { index: 0, object: 'score', score: 1 },
          { index: 1, object: 'score', score: 2 },
        ]);
      }
      assert.deepEqual(
        services.calls.slice(-2).map(({ items }) => items.map(({ prompt }) => prompt)),
        [
          ['p', 'p'],
          ['p', 'q'],
        ].map((texts) => texts.map((text) => ({ kind: 'text', text }))),
      );
    }
  });

  it('refuse what does not pair', async () => {
    for (const body of [
      { queries: ['a', 'b'], documents: 'c' },
      { queries: 'a' },
      { queries: 'a', text_1: 'b', documents: 'c' },
      { queries: 'a', documents: [{ content: [] }] },
    ]) {
      assert.deepEqual(errorOf(await post('/score', { model: 'length', ...body })), [400, 'REQUEST_INVALID']);
    }
  });
});

it('every reply of the façades names the model that gave it', async () => {
  const { headers, body } = await post('/v1/models', undefined);
  const { data } = body as { data: readonly { id: string; provenance: Record<string, unknown> }[] };
  assert.equal(headers.get('content-type'), 'application/json');
  assert.deepEqual(
    data.map(({ id, provenance }) => [id, provenance['weights_digest'], provenance['epoch']]),
    ['length', 'other'].map((id) => [id, LENGTH_PROVENANCE.weightsDigest, 3]),
  );
});

/** @file OpenRLHF's remote reward model: payloads as its clients of several versions send them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf, facadeClient } from './testing/facade-client.js';
import { LENGTH_PROVENANCE, lengthServices } from './testing/length-services.js';

const services = lengthServices({ defaultRewardModel: 'length' });
const post = await facadeClient(services);
const lastItems = () => services.calls.at(-1)!.items.map(({ prompt, responses }) => ({ prompt, text: responses[0] }));
const textOf = (text: string) => ({ kind: 'text', text, truncated: false });

const CHAT =
  '<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHow are you?<|im_end|>\n<|im_start|>assistant\n';
const MESSAGES = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: 'How are you?' },
];

describe('/get_reward', () => {
  it('answers the current client, which sends one sample with its prompt and label', async () => {
    const sent = { query: ['Say yes: yes'], prompts: ['Say yes:'], labels: [''] };
    const { status, body, headers } = await post('/get_reward', sent);
    const { service_version: serviceVersion } = (body as { provenance: Record<string, string> }).provenance;
    assert.deepEqual([status, serviceVersion], [200, '0.0.0-test']);
    assert.deepEqual(body, {
      rewards: [4],
      scores: [4],
      extra_logs: { reward_epoch: [3] },
      provenance: {
        reward_model: 'length',
        epoch: 3,
        weights_digest: LENGTH_PROVENANCE.weightsDigest,
        backend: 'length',
        execution_provider: 'javascript',
        dtype: 'float64',
        service_version: '0.0.0-test',
      },
    });
    assert.deepEqual(lastItems(), [{ prompt: { kind: 'text', text: 'Say yes:' }, text: textOf(' yes') }]);
    assert.equal(headers.get('metaapo-reward-epoch'), '3');
    assert.equal(headers.get('metaapo-reward-digest'), LENGTH_PROVENANCE.weightsDigest);
    assert.equal(headers.get('server-timing'), 'queue;dur=1.500, tokenize;dur=0.250, compute;dur=2.000');
  });

  it('answers a batch of an older client in order', async () => {
    const sent = { query: ['a: xx', 'b: x', 'c: xxx'], prompts: ['a: ', 'b: ', 'c: '], labels: [null, '', 'c'] };
    const { body } = await post('/get_reward', sent);
    assert.deepEqual((body as { rewards: number[] }).rewards, [2, 1, 3]);
  });

  it('takes chats apart that were rendered with the policy’s template', async () => {
    await post('/get_reward', { query: [`${CHAT}Fine!<|im_end|>`], prompts: [CHAT], labels: [''] });
    assert.deepEqual(lastItems(), [{ prompt: { kind: 'conversation', messages: MESSAGES }, text: textOf('Fine!') }]);
    await post('/get_reward', { query: [`${CHAT}<|im_start|>odd`], prompts: [CHAT], labels: [''] });
    assert.deepEqual(lastItems()[0]?.text, textOf('<|im_start|>odd'), 'what the policy wrote stays what it is');
    await post('/get_reward?chat=none', { query: [`${CHAT}Fine!`], prompts: [CHAT], labels: [''] });
    assert.deepEqual(lastItems(), [{ prompt: { kind: 'text', text: CHAT }, text: textOf('Fine!') }]);
  });

  it('reads the oldest shape, queries alone, where they are chats', async () => {
    const { body } = await post('/get_reward', { query: [`${CHAT}Fine!<|im_end|>\n`] });
    assert.deepEqual((body as { rewards: number[] }).rewards, [5]);
    assert.deepEqual(lastItems(), [{ prompt: { kind: 'conversation', messages: MESSAGES }, text: textOf('Fine!') }]);
  });

  it('cuts the end token off plain responses where the URL says how it is written', async () => {
    await post('/get_reward?trim=%3C%2Fs%3E', { query: ['Q: A</s>'], prompts: ['Q: '], labels: [''] });
    assert.deepEqual(lastItems()[0]?.text, textOf('A'));
  });

  it('answers an empty list with empty lists, since the client sends such to all servers but the first', async () => {
    const before = services.calls.length;
    const { status, body } = await post('/get_reward', { query: [], prompts: [], labels: [] });
    assert.deepEqual([status, services.calls.length], [200, before]);
    const { provenance: _, ...rest } = body as Record<string, unknown>;
    assert.deepEqual(rest, { rewards: [], scores: [], extra_logs: { reward_epoch: [] } });
  });

  it('refuses all, naming the items, when responses cannot be found, and pays for none', async () => {
    const before = services.calls.length;
    const sent = { query: ['a: x', 'cut off at its left: x', 'b: x'], prompts: ['a: ', 'a prompt', ''], labels: [] };
    const reply = await post('/get_reward', sent);
    assert.deepEqual(errorOf(reply), [422, 'ITEMS_REFUSED', [1, 'RESPONSE_UNSPLIT'], [2, 'RESPONSE_UNSPLIT']]);
    assert.equal(services.calls.length, before);
    const { body } = await post('/get_reward?unsplit=whole', sent);
    assert.deepEqual((body as { rewards: number[] }).rewards, [1, 22, 4], 'as the URL allows, the whole text');
  });

  it('refuses all when one response has no score: never a zero, never a gap', async () => {
    const query = (...responses: string[]) => ({
      query: responses.map((one) => `q${one}`),
      prompts: responses.map(() => 'q'),
    });
    assert.deepEqual(errorOf(await post('/get_reward', query('a', 'timeout'))), [
      500,
      'ITEMS_FAILED',
      [1, 'REWARD_BACKEND_TIMEOUT'],
    ]);
    assert.deepEqual(errorOf(await post('/get_reward', query('timeout', '', 'a', '\ud800'))), [
      422,
      'ITEMS_REFUSED',
      [0, 'REWARD_BACKEND_TIMEOUT'],
      [1, 'RESPONSE_EMPTY'],
      [3, 'TEXT_MALFORMED'],
    ]);
  });

  it('names all that is wrong with a body', async () => {
    const wrong = [{}, { query: 3 }, { query: ['a', 7] }, { query: ['a'], prompts: ['a', 'b'] }, [], 'text', null];
    for (const body of wrong) assert.deepEqual(errorOf(await post('/get_reward', body)), [400, 'REQUEST_INVALID']);
  });

  it('tells where a list is wrong and what came, and of a long one the beginning', async () => {
    const fieldsOf = async (body: unknown) =>
      ((await post('/get_reward', body)).body as { error: { fields: readonly object[] } }).error.fields;
    assert.deepEqual(await fieldsOf({ query: ['a', 7, null], prompts: 'a' }), [
      { field: 'query[1]', description: 'expected text, got a number' },
      { field: 'query[2]', description: 'expected text, got null' },
    ]);
    assert.deepEqual(await fieldsOf({ query: { text: 'a' } }), [
      { field: 'query', description: 'expected text, or a list of texts, got an object' },
    ]);
    const many = Array.from({ length: 200_000 }, () => 1);
    assert.equal((await fieldsOf({ query: many, prompts: many })).length, 20);
  });

  it('refuses more than one call may bring before it looks at each', async () => {
    const query = Array.from({ length: 1001 }, () => 'cannot be split');
    assert.deepEqual(errorOf(await post('/get_reward', { query })), [413, 'CLIENT_BATCH_TOO_LARGE']);
    assert.deepEqual(errorOf(await post('/classify', { model: 'length', input: query })), [
      413,
      'CLIENT_BATCH_TOO_LARGE',
    ]);
    assert.deepEqual(errorOf(await post('/score', { model: 'length', queries: 'a', documents: query })), [
      413,
      'CLIENT_BATCH_TOO_LARGE',
    ]);
    const items = [{ prompt: 'a', responses: query }];
    assert.deepEqual(errorOf(await post('/annotate', { items })), [413, 'CLIENT_BATCH_TOO_LARGE']);
  });
});

/** @file What holds for every façade: which model is meant, epochs, request ids, overload, and what a URL may say. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QueueFullError } from '../domain/reward.errors.js';
import { facadeProviders } from './facade-providers.js';
import { errorOf, facadeClient } from './testing/facade-client.js';
import { lengthServices, type LengthServices } from './testing/length-services.js';

const sample = { prompt: 'p', response: 'abc', label: '' };
const services = lengthServices();
const post = await facadeClient(services);
const last = (of: LengthServices = services) => of.calls.at(-1)!;

describe('the reward model', () => {
  it('is the one of the path, else of the body, else the default, else the only one', async () => {
    await post('/models/other/classify', { model: 'length', input: 'a' });
    assert.equal(last().rewardModel, 'other');
    await post('/classify', { model: 'length', input: 'a' });
    assert.equal(last().rewardModel, 'length');
    const withDefault = lengthServices({ defaultRewardModel: 'other' });
    await (
      await facadeClient(withDefault)
    )('/rm', sample);
    assert.equal(last(withDefault).rewardModel, 'other');
    const single = lengthServices({ names: ['mine'] });
    await (
      await facadeClient(single)
    )('/rm', sample);
    assert.equal(last(single).rewardModel, 'mine');
  });

  it('that is the default must be there', () => {
    assert.throws(() => facadeProviders(lengthServices({ defaultRewardModel: 'nobody' })), {
      code: 'REWARD_MODEL_UNKNOWN',
      message: /^REWARD_HTTP_MODEL: No reward model "nobody"; there are: length, other\./,
    });
  });

  it('that is not there is told with those that are', async () => {
    for (const path of ['/models/nobody/rm', '/rm']) {
      const reply = await post(path, sample);
      assert.deepEqual(errorOf(reply), [404, 'REWARD_MODEL_UNKNOWN']);
      assert.match(JSON.stringify(reply.body), /length, ?other/);
    }
  });
});

describe('the epoch', () => {
  it('is pinned by the URL or a header', async () => {
    assert.equal((await post('/models/length/rm?epoch=3', sample)).status, 200);
    assert.equal(last().epoch, '3');
    const pinned = await post('/models/length/rm', sample, { 'metaapo-reward-epoch': '7' });
    assert.deepEqual(errorOf(pinned), [409, 'REWARD_EPOCH_MISMATCH']);
    assert.equal((await post('/models/length/rm', sample)).status, 200);
    assert.equal(last().epoch, '0');
  });
});

describe('the id of a request', () => {
  it('is Idempotency-Key, else X-Request-Id, and comes back', async () => {
    const both = { 'idempotency-key': 'k', 'x-request-id': 'r' };
    assert.equal((await post('/models/length/rm', sample, both)).headers.get('x-request-id'), 'k');
    assert.equal(last().requestId, 'k');
    await post('/models/length/rm', sample, { 'x-request-id': 'r' });
    assert.equal(last().requestId, 'r');
    assert.equal((await post('/models/length/rm', sample)).headers.get('x-request-id'), null);
    assert.equal(last().requestId, '');
  });
});

describe('an overload', () => {
  const busy = { ...lengthServices(), annotate: () => Promise.reject(new QueueFullError('length', 9, 9, 2100)) };

  it('is 429 with Retry-After, or 503 for clients that give up on 429', async () => {
    const send = await facadeClient(busy);
    const plain = await send('/models/length/rm', sample);
    assert.deepEqual([...errorOf(plain), plain.headers.get('retry-after')], [429, 'QUEUE_FULL', '3']);
    const patient = await send('/models/length/rm?overload=503', sample);
    assert.deepEqual([...errorOf(patient), patient.headers.get('retry-after')], [503, 'QUEUE_FULL', '3']);
    const items = [{ prompt: 'p', responses: ['a'] }];
    assert.equal((await send('/models/length/annotate?overload=503', { items })).status, 503);
  });
});

describe('a URL', () => {
  it('that says what is not known, or twice, is refused', async () => {
    for (const query of [
      'chat=morse',
      'chats=auto',
      'epoch=-1',
      'epoch=1&epoch=2',
      'overload=500',
      'unsplit=',
      'trim=',
    ]) {
      const refused = await post(`/models/length/rm?${query}`, sample);
      assert.deepEqual(errorOf(refused), [400, 'REQUEST_INVALID'], query);
      assert.doesNotMatch(JSON.stringify(refused.body), /"field":"body"/, 'the body is well');
    }
  });
});

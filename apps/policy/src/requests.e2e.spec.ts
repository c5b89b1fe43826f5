/** Goal: every wrong request gets its own error, and a wrong item harms no other. Method: the real service over gRPC. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type {
  ComputeGradientRequest,
  GenerateResponsesRequest,
  GenerateResponsesResponse__Output,
  ScoreItem,
} from '#contracts/policy';
import { digestOf } from '#core';
import { RemoteError } from '#platform/rpc';
import { drained, remote } from '../../../test/support/calls.js';
import { sharedFolder, skipWithout } from '../../../test/support/shared-folder.js';
import { PolicyServer } from './testing/policy-server.js';

const MODEL = join(sharedFolder('golden'), 'models', 'llama-tied');
const CONTEXT_TOKENS = 256;
const UNKNOWN = digestOf('no adapter has this content');

const tokens = (count: number) => ({ tokenIds: { ids: Array.from({ length: count }, () => 7) } });
const good: ScoreItem = { itemId: 'good', prompt: { text: 'the river' }, responses: [{ text: 'is wide' }] };

/** For `rejects`: an error of this reason that names exactly these fields. */
const naming =
  (code: string, ...fields: string[]) =>
  (thrown: unknown) => {
    ok(thrown instanceof RemoteError, String(thrown));
    equal(thrown.status, 'INVALID_ARGUMENT');
    equal(thrown.code, code, thrown.message);
    deepEqual(
      thrown.fieldProblems.map(({ field }) => field),
      fields,
    );
    return true;
  };

describe('requests to the policy service', { skip: skipWithout('golden') }, () => {
  let server: PolicyServer;

  before(async () => {
    server = await PolicyServer.start(MODEL, { POLICY_UNIT_ITEMS_MAX: '8', POLICY_SAMPLES_PER_PROMPT_MAX: '4' });
  });
  after(() => server?.stop());

  const generate = (request: GenerateResponsesRequest) => server.policy.generateResponses(request);
  const plain: GenerateResponsesRequest = {
    items: [{ itemId: 'good', prompt: { text: 'the river' }, seed: '1' }],
    samplesPerPrompt: 1,
    sampling: { temperature: 1, maxNewTokens: 4 },
  };

  describe('scoring', () => {
    it('names every field that is wrong at once', async () => {
      const request = {
        policies: ['', 'latest'],
        items: [good, { ...good, responses: [] }, { ...good, itemId: '' }],
      };
      const fields = ['policies[1]', 'items[1].item_id', 'items[2].item_id', 'items[1].responses'];
      await rejects(server.policy.scoreResponses(request), naming('REQUEST_INVALID', ...fields));
      await rejects(server.policy.scoreResponses({}), naming('REQUEST_INVALID', 'items'));
    });

    it('refuses more items than the limit', async () => {
      const items = Array.from({ length: 9 }, (_, index) => ({ ...good, itemId: String(index) }));
      await rejects(server.policy.scoreResponses({ items }), naming('REQUEST_INVALID', 'items'));
    });

    it('refuses an adapter that is not resident', async () => {
      const request = { policies: ['', UNKNOWN], items: [good] };
      await rejects(server.policy.scoreResponses(request), remote('ADAPTER_NOT_RESIDENT', 'FAILED_PRECONDITION'));
    });

    it('gives every wrong item its own reason, and the others the scores they have alone', async () => {
      const [alone] = (await server.policy.scoreResponses({ items: [good] })).items;
      const items: ScoreItem[] = [
        { ...good, itemId: 'no prompt', prompt: null },
        { ...good, itemId: 'empty chat', prompt: { conversation: { messages: [] } } },
        { ...good, itemId: 'too long', prompt: tokens(CONTEXT_TOKENS) },
        { ...good, itemId: 'no such token', prompt: { tokenIds: { ids: [1, 512] } } },
        good,
        {
          ...good,
          itemId: 'responses',
          responses: [{ text: '' }, { text: 'is wide' }, tokens(0), tokens(CONTEXT_TOKENS - 3), {}],
        },
      ];
      const reply = await server.policy.scoreResponses({ items });
      deepEqual(
        reply.items.map(({ itemId, status }) => [itemId, status?.reason]),
        [
          ['no prompt', 'PROMPT_INVALID'],
          ['empty chat', 'PROMPT_INVALID'],
          ['too long', 'PROMPT_TOO_LONG'],
          ['no such token', 'TOKEN_OUT_OF_RANGE'],
          ['good', ''],
          ['responses', ''],
        ],
      );
      const [, , , , neighbour, mixed] = reply.items;
      const sum = alone?.responses[0]?.logProbSums[0] ?? Number.NaN;
      for (const score of [neighbour?.responses[0], mixed?.responses[1]]) {
        ok(Math.abs((score?.logProbSums[0] ?? Number.NaN) - sum) < 1e-4);
      }
      deepEqual(
        mixed?.responses.map(({ status }) => status?.reason),
        ['RESPONSE_EMPTY', '', 'RESPONSE_EMPTY', 'PROMPT_TOO_LONG', 'RESPONSE_EMPTY'],
      );
      ok(
        reply.items
          .flatMap(({ responses }) => responses)
          .every(({ status, logProbSums }) => status?.reason === '' || logProbSums.length === 0),
      );
    });

    it('answers a unit in which nothing can be scored', async () => {
      const { items, timing } = await server.policy.scoreResponses({ items: [{ ...good, prompt: {} }] });
      equal(items[0]?.status?.reason, 'PROMPT_INVALID');
      deepEqual(timing?.compute, { seconds: '0', nanos: 0 });
    });
  });

  describe('generation', () => {
    it('refuses K = 0, temperatures below 0, above 100 and NaN, and other draws that are not defined', async () => {
      const wrong: [GenerateResponsesRequest, ...string[]][] = [
        [{ ...plain, samplesPerPrompt: 0 }, 'samples_per_prompt'],
        [{ ...plain, samplesPerPrompt: 5 }, 'samples_per_prompt'],
        [{ ...plain, sampling: { ...plain.sampling, temperature: -0.1 } }, 'sampling.temperature'],
        [{ ...plain, sampling: { ...plain.sampling, temperature: 101 } }, 'sampling.temperature'],
        [{ ...plain, sampling: { ...plain.sampling, temperature: Number.NaN } }, 'sampling.temperature'],
        [{ ...plain, sampling: { ...plain.sampling, topP: 1.5 } }, 'sampling.top_p'],
        [{ ...plain, sampling: { ...plain.sampling, topP: Number.NaN } }, 'sampling.top_p'],
        [{ ...plain, sampling: { ...plain.sampling, maxNewTokens: 0 } }, 'sampling.max_new_tokens'],
        [{ ...plain, sampling: { ...plain.sampling, maxNewTokens: 257 } }, 'sampling.max_new_tokens'],
        [{ ...plain, sampling: { ...plain.sampling, stop: ['x', ''] } }, 'sampling.stop[1]'],
        [{ ...plain, sampling: { ...plain.sampling, stop: Array.from({ length: 17 }, String) } }, 'sampling.stop'],
        [{ ...plain, samplesPerPrompt: 0, sampling: null }, 'samples_per_prompt', 'sampling'],
      ];
      for (const [request, ...fields] of wrong) {
        await rejects(drained(generate(request)), naming('SAMPLING_INVALID', ...fields));
      }
      const both = { ...plain, items: [], samplesPerPrompt: 0 };
      await rejects(drained(generate(both)), naming('REQUEST_INVALID', 'items', 'samples_per_prompt'));
    });

    it('refuses an adapter that is not resident', async () => {
      await rejects(
        drained(generate({ ...plain, policy: UNKNOWN })),
        remote('ADAPTER_NOT_RESIDENT', 'FAILED_PRECONDITION'),
      );
    });

    it('reports items that get no samples, and samples the others as if alone', async () => {
      const collect = async (request: GenerateResponsesRequest) => {
        const events: GenerateResponsesResponse__Output[] = [];
        for await (const event of generate(request)) events.push(event);
        return events;
      };
      const textsOf = (events: GenerateResponsesResponse__Output[]) =>
        events.flatMap(({ sample }) => (sample ? [[sample.itemId, sample.sampleIndex, sample.text]] : []));
      const alone = await collect({ ...plain, samplesPerPrompt: 2 });
      const events = await collect({
        ...plain,
        samplesPerPrompt: 2,
        items: [
          // Room for three tokens, of which four are asked for.
          { itemId: 'too long', prompt: tokens(CONTEXT_TOKENS - 3), seed: '1' },
          ...(plain.items ?? []),
          { itemId: 'nothing', prompt: {}, seed: '1' },
        ],
      });
      deepEqual(
        events.flatMap(({ failure }) => (failure ? [[failure.itemId, failure.status?.reason]] : [])),
        [
          ['too long', 'PROMPT_TOO_LONG'],
          ['nothing', 'PROMPT_INVALID'],
        ],
      );
      deepEqual(textsOf(events), textsOf(alone));
      equal(events.at(-1)?.event, 'usage');
    });
  });

  describe('gradients', () => {
    const pair = { chosen: { text: 'yes' }, rejected: { text: 'no' } };
    const fine: ComputeGradientRequest = {
      policy: UNKNOWN,
      objective: { loss: 'LOSS_KIND_DPO', beta: 0.1, inputBeta: 1 },
      weighting: { sigmoid: true },
      items: [{ itemId: 'a', prompt: { text: 'the river' }, offline: pair, online: pair }],
    };
    const compute = (request: ComputeGradientRequest) => drained(server.policy.computeGradient(request));

    it('refuses β ≤ 0 or not finite, and other losses and weights that are not defined', async () => {
      const weights = (values: number[]) => ({ perItem: { weights: values } });
      const learner = { hiddenWeights: [1, 2], hiddenBiases: [0], outputWeights: [1, Number.NaN], outputBias: 0 };
      const wrong: [ComputeGradientRequest, ...string[]][] = [
        [{ ...fine, objective: { ...fine.objective, beta: 0 } }, 'objective.beta'],
        [{ ...fine, objective: { ...fine.objective, beta: -1 } }, 'objective.beta'],
        [{ ...fine, objective: { ...fine.objective, beta: Infinity } }, 'objective.beta'],
        [
          { ...fine, objective: { ...fine.objective, beta: Number.NaN, inputBeta: 0 } },
          'objective.beta',
          'objective.input_beta',
        ],
        [{ ...fine, objective: { loss: 'LOSS_KIND_SIMPO', beta: 1, inputBeta: 1, gamma: -1 } }, 'objective.gamma'],
        [{ ...fine, objective: { beta: 1, inputBeta: 1 } }, 'objective.loss'],
        [{ ...fine, objective: null, weighting: null }, 'objective', 'weighting'],
        [{ ...fine, weighting: { sigmoid: false } }, 'weighting.sigmoid'],
        [{ ...fine, weighting: { constant: 1.5 } }, 'weighting.constant'],
        [{ ...fine, weighting: { constant: Number.NaN } }, 'weighting.constant'],
        [{ ...fine, weighting: weights([0.5, 0.5]) }, 'weighting.per_item.weights'],
        [{ ...fine, weighting: weights([-0.5]) }, 'weighting.per_item.weights[0]'],
        [
          { ...fine, weighting: { metaLearner: learner } },
          'weighting.meta_learner.hidden_biases',
          'weighting.meta_learner.output_weights',
        ],
      ];
      for (const [request, ...fields] of wrong) await rejects(compute(request), naming('OBJECTIVE_INVALID', ...fields));
    });

    it('wants the pairs that the weighting needs', async () => {
      const items = [{ itemId: 'a', prompt: { text: 'x' }, offline: pair }];
      await rejects(compute({ ...fine, items }), naming('REQUEST_INVALID', 'items[0].online'));
      const zero = { ...fine, items, weighting: { constant: 0 } };
      await rejects(compute(zero), naming('REQUEST_INVALID', 'items[0].online'));
      const half = [{ itemId: 'a', prompt: { text: 'x' }, offline: { chosen: { text: 'yes' } } }];
      const one = { ...fine, items: half, weighting: { constant: 1 } };
      await rejects(compute(one), naming('REQUEST_INVALID', 'items[0].offline.rejected'));
    });

    it('fails with the name of an item that cannot be encoded', async () => {
      const bad = { itemId: 'b', prompt: { text: 'x' }, offline: { ...pair, rejected: { text: '' } }, online: pair };
      const request = { ...fine, items: [...(fine.items ?? []), bad] };
      await rejects(compute(request), (thrown) => {
        ok(thrown instanceof RemoteError);
        deepEqual([thrown.code, thrown.status], ['RESPONSE_EMPTY', 'INVALID_ARGUMENT']);
        ok(thrown.message.includes('"b", offline.rejected'), thrown.message);
        return true;
      });
    });

    it('refuses the base, and adapters that are not resident', async () => {
      await rejects(compute({ ...fine, policy: '' }), remote('POLICY_NOT_TRAINABLE', 'FAILED_PRECONDITION'));
      await rejects(compute(fine), remote('ADAPTER_NOT_RESIDENT', 'FAILED_PRECONDITION'));
    });
  });
});

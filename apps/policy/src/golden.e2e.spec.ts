/** Goal: what leaves the service equals the reference results. Method: the real service over gRPC on a tiny model. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readPeftFolder, type Adapter } from '#ml/adapters';
import { readF32Tensors } from '#ml/tensor';
import { sharedFolder, skipWithout } from '../../../test/support/shared-folder.js';
import { PolicyServer, put } from './testing/policy-server.js';

const GOLDEN = sharedFolder('golden');
const caseFile = (name: string, file: string) => join(GOLDEN, 'cases', name, file);

interface Message {
  role: string;
  content: string;
}
interface GoldenRecord extends Record<'chosen' | 'rejected' | 'online_chosen' | 'online_rejected', string> {
  id: string;
  messages: Message[];
}
interface ForwardCase {
  tolerance: { sum_logps: { abs: number } };
  records: GoldenRecord[];
  batches: { right: { sum_logps: number[]; completion_lengths: number[] } };
}
interface GenerateCase {
  eos_token_id: number;
  max_new_tokens: number;
  runs: { messages: Message[]; new_ids: number[]; text: string; stopped_by_eos: boolean }[];
}
interface GradientCase {
  tolerance: Record<string, { gradients: { relative_all: number }; loss: { abs: number }; w: { abs: number } }>;
  records: GoldenRecord[];
  runs: {
    name: string;
    loss: { beta: number; gamma: number; input_beta: number };
    result: { w: number[]; loss: number };
    gradients: string;
  }[];
}

const readCase = (name: string): unknown => JSON.parse(readFileSync(caseFile(name, 'case.json'), 'utf8'));
const chat = (messages: Message[]) => ({ conversation: { messages } });

describe('the policy service against reference results', { skip: skipWithout('golden') }, () => {
  let server: PolicyServer;
  let adapter: Adapter;
  let digest: string;

  before(async () => {
    server = await PolicyServer.start(join(GOLDEN, 'models', 'llama-tied'));
    const base = new Map(server.parts.engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
    adapter = await readPeftFolder(join(GOLDEN, 'adapters', 'llama-tied-lora'), base);
    digest = (await put(server.admin, adapter)).adapter?.digest ?? '';
  });
  after(() => server?.stop());

  it('scores responses with the sums of log-probabilities of transformers', async () => {
    const { records, batches, tolerance } = readCase('forward-llama-tied') as ForwardCase;
    const items = records.map(({ id, messages, chosen, online_chosen }) => ({
      itemId: id,
      prompt: chat(messages),
      responses: [{ text: chosen }, { text: online_chosen }],
    }));
    const reply = await server.policy.scoreResponses({ items, includeTokenLogProbs: true });
    const scores = reply.items.flatMap(({ responses }) => responses);
    deepEqual(
      scores.map(({ tokenCount }) => tokenCount),
      batches.right.completion_lengths,
    );
    for (const [index, { logProbSums, tokenLogProbs }] of scores.entries()) {
      const expected = batches.right.sum_logps[index] ?? Number.NaN;
      const [sum = Number.NaN] = logProbSums;
      ok(Math.abs(sum - expected) <= tolerance.sum_logps.abs, `${sum} is not ${expected}`);
      const added = tokenLogProbs[0]?.logProbs.reduce((a, b) => a + b, 0) ?? Number.NaN;
      ok(Math.abs(added - sum) < 1e-4, `tokens add up to ${added}, not ${sum}`);
    }
    ok(reply.timing?.total && reply.timing.compute);
  });

  it('writes greedy text id by id as transformers does', async () => {
    const { runs, eos_token_id: eos, max_new_tokens: maxNewTokens } = readCase('generate-llama-tied') as GenerateCase;
    const items = runs.map(({ messages }, index) => ({ itemId: String(index), prompt: chat(messages), seed: '0' }));
    const sampling = { temperature: 0, maxNewTokens };
    let usages = 0;
    const seen = new Set<string>();
    for await (const event of server.policy.generateResponses({ items, samplesPerPrompt: 1, sampling })) {
      if (event.usage) usages += 1;
      if (!event.sample) continue;
      equal(usages, 0, 'usage is the last message');
      const { itemId, tokenIds, text, finishReason } = event.sample;
      const run = runs[Number(itemId)];
      seen.add(itemId);
      deepEqual(
        tokenIds?.ids,
        run?.new_ids.filter((id) => id !== eos),
      );
      equal(text, run?.text);
      equal(finishReason, run?.stopped_by_eos ? 'FINISH_REASON_STOP_TOKEN' : 'FINISH_REASON_LENGTH');
    }
    equal(seen.size, runs.length);
    equal(usages, 1);
  });

  it('streams the gradient of TRL and PEFT in chunks', async () => {
    const { records, runs, tolerance } = readCase('gradients-llama-tied-lora') as GradientCase;
    const run = runs.find(({ name }) => name === 'dpo');
    const allowed = tolerance['dpo'];
    ok(run && allowed);
    const items = records.map((record) => ({
      itemId: record.id,
      prompt: chat(record.messages),
      offline: { chosen: { text: record.chosen }, rejected: { text: record.rejected } },
      online: { chosen: { text: record.online_chosen }, rejected: { text: record.online_rejected } },
    }));
    const constant = (value: number) => Array.from({ length: 100 }, () => value);
    const stream = server.policy.computeGradient({
      policy: digest,
      reference: '',
      objective: { loss: 'LOSS_KIND_DPO', beta: run.loss.beta, inputBeta: run.loss.input_beta },
      weighting: {
        metaLearner: {
          hiddenWeights: constant(0.1),
          hiddenBiases: constant(0),
          outputWeights: constant(0.1),
          outputBias: 0,
        },
      },
      items,
    });
    const tensors: { name: string; bytes: Buffer }[] = [];
    let messageCount = 0;
    for await (const { summary, chunk } of stream) {
      messageCount += 1;
      if (summary) {
        equal(messageCount, 1, 'the summary comes first');
        const { loss, w } = run.result;
        ok(Math.abs(summary.lossSum / records.length - loss) <= allowed.loss.abs, `loss ${summary.lossSum}`);
        for (const [index, { weight, itemId }] of summary.items.entries()) {
          equal(itemId, records[index]?.id);
          ok(Math.abs(weight - (w[index] ?? Number.NaN)) <= allowed.w.abs, `weight ${weight}`);
        }
        for (const { name, dims } of summary.tensors) {
          tensors.push({ name, bytes: Buffer.alloc(4 * dims.map(Number).reduce((a, b) => a * b, 1)) });
        }
      }
      if (chunk) chunk.data.copy(tensors[chunk.tensorIndex]?.bytes ?? Buffer.alloc(0), Number(chunk.offsetBytes));
    }
    const expected = await readF32Tensors(caseFile('gradients-llama-tied-lora', run.gradients));
    deepEqual(
      tensors.map(({ name }) => name),
      [...expected.keys()].sort(),
    );
    let difference = 0;
    let size = 0;
    for (const { name, bytes } of tensors) {
      const golden = expected.get(name)?.data ?? new Float32Array();
      for (const [index, value] of golden.entries()) {
        // The golden one is the mean over items, ours the sum.
        difference += (bytes.readFloatLE(index * 4) / records.length - value) ** 2;
        size += value ** 2;
      }
    }
    const relative = Math.sqrt(difference / size);
    ok(relative <= allowed.gradients.relative_all, `relative error ${relative}`);
  });

  it('tells all about the model and its limits', async () => {
    const policy = await server.policy.getPolicy({});
    equal(policy.architecture, 'LlamaForCausalLM');
    equal(policy.contextTokensMax, 256);
    equal(policy.dtype, 'float32');
    equal(policy.executionProvider, 'cpu');
    deepEqual(
      policy.adapters.map((resident) => resident.digest),
      [digest],
    );
    for (const text of [policy.baseDigest, policy.tokenizerDigest, policy.chatTemplateDigest]) {
      ok(/^sha256:[0-9a-f]{64}$/.test(text), text);
    }
    ok(policy.baseTensors.some(({ name, dims }) => name === 'model.norm.weight' && dims.join() === '48'));
    deepEqual(policy.limits, {
      contextTokensMax: 256,
      unitItemsMax: 256,
      samplesPerPromptMax: 64,
      messageBytesMax: String(64 * 2 ** 20),
      queueUnitsMax: 64,
    });
    equal(policy.serviceVersion, '0.1.0');
  });
});

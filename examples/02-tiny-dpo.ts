/**
 * @file Direct preference optimisation of a real, if tiny, language model on one page, without services.
 *
 *   npm run build && node dist/examples/02-tiny-dpo.js
 *
 * The demo's model learns to prefer one ending to another: a LoRA adapter, the engine's gradient of the DPO loss (arXiv
 * 2305.18290, Eq. 7) with the bare base as reference, AdamW. The loss starts at ln 2, where policy and reference agree.
 *
 * Next: ARCHITECTURE.md, where the same calls go over gRPC and MetaAPO decides what to train on.
 */
import { fileURLToPath } from 'node:url';
import { adapterDigest, ALL_LINEAR, initialLora, type Adapter } from '#ml/adapters';
import { openPolicyEngine, type GradientUnit } from '#ml/engine';
import { adamW } from '#ml/optim';
import { ChatTokenizer } from '#ml/tokenizer';

const STEPS = 12;
const LEARNING_RATE = 1e-3;

const PAIRS = [
  ['We must give our children', 'a better and a happier future.', 'nothing but war and misery.'],
  ['The people of this country', 'have shown great courage and generosity.', 'have suffered loss and defeat.'],
  ['I am glad to report that', 'peace and prosperity prevail.', 'the crisis has grown worse.'],
] as const;

const modelDir = fileURLToPath(new URL('../../configs/demo/model', import.meta.url));
const tokenizer = await ChatTokenizer.load(modelDir);
const engine = await openPolicyEngine({ modelDir, intraOpThreads: 1, adapterCacheBytes: 64 * 2 ** 20 });

const rows: GradientUnit['rows'] = PAIRS.map(([content, chosen, rejected]) => ({
  prompt: tokenizer.encodePrompt({ kind: 'conversation', messages: [{ role: 'user', content }] }),
  offline: {
    chosen: tokenizer.encodeResponse({ kind: 'text', text: chosen, truncated: false }),
    rejected: tokenizer.encodeResponse({ kind: 'text', text: rejected, truncated: false }),
  },
}));

const base = new Map(engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
const spec = { kind: 'lora', rank: 8, alpha: 16, rankStabilized: false, targetModules: ALL_LINEAR } as const;
let adapter: Adapter = initialLora({ spec, base, seed: 'tiny-dpo' });
const optimizer = adamW();
let state = optimizer.init(adapter.tensors);

for (let step = 0; step < STEPS; step++) {
  const policy = adapterDigest(adapter);
  await engine.putAdapter(policy, adapter);
  const { lossSum, gradients } = await engine.gradient({
    policy,
    reference: null,
    objective: { loss: 'dpo', beta: 0.1, gamma: 0, inputBeta: 1 },
    weighting: { kind: 'constant', weight: 1 }, // offline pairs only: plain DPO
    rows,
  });
  console.log(`step ${step}  loss ${(lossSum / rows.length).toFixed(4)}`);
  const next = optimizer.step(adapter.tensors, gradients, {
    state,
    learningRate: LEARNING_RATE,
    gradientFactor: 1 / rows.length, // the engine sums over rows, DPO takes the mean
  });
  adapter = { spec, tensors: next.parameters };
  state = next.state;
  await engine.dropAdapter(policy);
}
await engine.dispose();

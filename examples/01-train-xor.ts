/**
 * @file The smallest whole training program: a graph, its gradient, and an optimiser loop, on XOR.
 *
 *   npm run build && node dist/examples/01-train-xor.js
 *
 * A network of eight hidden units learns what no linear model can: 1 exactly when its two inputs differ. The loop reads
 * as every training loop here does: run the graph for the loss and its gradients, take a step, log.
 *
 * Next: examples/02-tiny-dpo.ts does the same with a language model and preferences.
 */
import { f32Tensor, Rng, type F32Tensor } from '#core';
import { backward } from '#ml/autodiff';
import { encodeOnnx, GraphBuilder, toText, type Value } from '#ml/graph';
import { adamW } from '#ml/optim';
import { f32View, OnnxSession } from '#ml/runtime';

const HIDDEN = 8;
const STEPS = 200;
const LEARNING_RATE = 0.05;

const inputs = f32Tensor([4, 2], Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1));
const targets = f32Tensor([4, 1], Float32Array.of(0, 1, 1, 0));

/** Parameters by name; the graph's inputs carry the same names. */
function initialParameters(): ReadonlyMap<string, F32Tensor> {
  const rng = new Rng('xor', 1);
  const normal = (...dims: readonly number[]): F32Tensor =>
    f32Tensor(
      dims,
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => rng.normal()),
    );
  return new Map([
    ['hidden.weight', normal(HIDDEN, 2)],
    ['hidden.bias', normal(HIDDEN)],
    ['output.weight', normal(1, HIDDEN)],
    ['output.bias', normal(1)],
  ]);
}

/*
 *   x ── matmul(W1ᵀ) ── + b1 ── tanh ── matmul(W2ᵀ) ── + b2 ── z ── loss
 *
 * loss = mean of softplus(z) − t·z, the cross entropy of σ(z) and t in a form that cannot overflow.
 */
function xorGraph(parameters: ReadonlyMap<string, F32Tensor>): GraphBuilder {
  const g = GraphBuilder.create();
  const weights = new Map([...parameters].map(([name, { dims }]) => [name, g.input(name, 'f32', dims)]));
  const weight = (name: string): Value => weights.get(name)!;
  const x = g.input('x', 'f32', ['B', 2]);
  const t = g.input('t', 'f32', ['B', 1]);

  const first = g.scope('hidden');
  const h = first.tanh(first.add(first.matmul(x, weight('hidden.weight'), { transB: true }), weight('hidden.bias'))); // [B, hidden]
  const second = g.scope('output');
  const z = second.add(second.matmul(h, weight('output.weight'), { transB: true }), weight('output.bias')); // [B, 1]
  const loss = g.scope('loss').reduceMean(g.scope('loss').sub(g.softplus(z), g.mul(t, z)), [0, 1]); // scalar

  g.output('loss', loss);
  g.output('probability', g.sigmoid(z));
  const names = [...weights.keys()];
  for (const [index, gradient] of backward(g, loss, [...weights.values()]).entries()) {
    g.output(`grad.${names[index]}`, gradient);
  }
  return g;
}

async function main(): Promise<void> {
  let parameters = initialParameters();
  const g = xorGraph(parameters);
  if (process.argv.includes('--print-graph')) console.log(toText(g.graph));
  const session = await OnnxSession.create(encodeOnnx(g.graph), { name: 'xor' });
  const optimizer = adamW();
  let state = optimizer.init(parameters);

  for (let step = 1; step <= STEPS; step++) {
    const feeds = [...parameters, ['x', inputs] as const, ['t', targets] as const];
    const results = await session.run(
      Object.fromEntries(feeds.map(([name, { dims, data }]) => [name, f32View(dims, data)])),
    );
    const gradients = new Map(
      [...parameters].map(([name, { dims }]) => [name, f32Tensor(dims, results.f32(`grad.${name}`))]),
    );
    ({ parameters, state } = optimizer.step(parameters, gradients, { state, learningRate: LEARNING_RATE }));
    if (step % 40 !== 0 && step !== 1) continue;
    const answers = Array.from(results.f32('probability'), (probability) => probability.toFixed(2)).join(' ');
    console.log(`step ${String(step).padStart(3)}  loss ${results.f32('loss')[0]?.toFixed(4)}  answers ${answers}`);
  }
  await session.dispose();
}

await main();

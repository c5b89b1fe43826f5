/**
 * @file Where the time of a forward pass, of a gradient and of decoding goes, by kind of operation, as ONNX Runtime itself
 * counts it: what stands between us and the peak.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { adapterDigest, initialLora } from '#ml/adapters';
import { EngineCore } from '#ml/engine';
import type { Benchmark } from './benchmark.js';
import type { Measurement } from './measurement.js';
import { LORA, NEW_TOKENS, RESPONSE_TOKENS, TRAINING, somePairs, somePrompts } from './workload.js';

const PAIRS = 2;
const SAMPLES = 8;
/** Kinds below this share of a program's time are summed. */
const SHARE_MIN = 0.01;

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

export const profile: Benchmark = async ({ modelPath, threads }, { folder, say }) => {
  const engine = await EngineCore.open({
    modelDir: modelPath,
    intraOpThreads: threads,
    profilePrefix: join(folder, 'profile '),
  });
  const base = new Map(engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
  const adapter = initialLora({ spec: { kind: 'lora', rankStabilized: false, ...LORA }, base, seed: 1 });
  const digest = adapterDigest(adapter);
  await engine.putAdapter(digest, adapter);
  const [policy, reference] = (await engine.policiesOf([digest, null])) as [never, never];
  const control = { proceed: async () => {}, emit: async () => {} };
  const rows = somePairs(PAIRS, RESPONSE_TOKENS).map(({ prompt, ...offline }) => ({ prompt, offline }));
  say('profiling a gradient with its reference, and a generation');
  await engine.gradient(
    {
      policy: digest,
      reference: null,
      objective: { loss: 'dpo', beta: TRAINING.beta, gamma: 0, inputBeta: 1 },
      weighting: { kind: 'constant', weight: 1 },
      rows,
    },
    { policy, reference },
    control,
  );
  await engine.generate(
    {
      policy: digest,
      rows: somePrompts(SAMPLES).map((prompt, index) => ({ prompt, seed: BigInt(index) })),
      samplesPerPrompt: SAMPLES,
      sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: NEW_TOKENS, stop: [] },
    },
    policy,
    control,
  );
  await engine.dispose();
  return ['gradient', 'score', 'prefill', 'decode'].flatMap((program) => sharesOf(program, eventsOf(folder, program)));
};

function eventsOf(folder: string, program: string): ProfileEvent[] {
  const files = readdirSync(folder).filter((name) => name.startsWith(`profile ${program}_`));
  const events = files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProfileEvent[]);
  return events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'));
}

function sharesOf(program: string, events: readonly ProfileEvent[]): Measurement[] {
  const byKind = new Map<string, number>();
  for (const event of events) byKind.set(kindOf(event), (byKind.get(kindOf(event)) ?? 0) + event.dur / 1e6);
  const seconds = [...byKind.values()].reduce((sum, value) => sum + value, 0);
  const large = [...byKind].filter(([, value]) => value >= SHARE_MIN * seconds).toSorted((a, b) => b[1] - a[1]);
  const rest = 1 - large.reduce((sum, [, value]) => sum + value, 0) / seconds;
  const job = `profile of ${program}`;
  return [
    {
      job,
      name: 'all operations',
      value: seconds,
      unit: 's',
      note: `${events.length} of them, the first run included`,
    },
    ...large.map(([name, value]) => ({ job, name, value: value / seconds, unit: 'of it' })),
    { job, name: 'the rest', value: rest, unit: 'of it' },
  ];
}

/** Products by what they are for, all else by operation. */
function kindOf({ name, args: { op_name: op = '?' } = {} }: ProfileEvent): string {
  const isAgain = name.startsWith('/again/');
  if (op !== 'MatMul' && op !== 'FusedMatMul') return isAgain ? `${op}, computed again` : op;
  if (name.includes('/attention/')) return isAgain ? "attention's products, computed again" : "attention's products";
  if (name.includes('/head/')) return 'products of the head';
  if (/\/(a|b)\/(\w+\/)*\w*MatMul/.test(name)) return 'products of low rank';
  return 'products of the layers';
}

/**
 * @file A weighted-DPO LoRA step on two pairs of 2 × 256 tokens: reference, gradient, clipping, AdamW.
 *
 * Twice for us: two prompts with a pair each, as in DPO, and one prompt with an offline and an online pair, as MetaAPO
 * trains. The others compute four sequences of 256 tokens in either case; we, the prompt once. After a step our adapter
 * goes back to the engine, as in a run.
 */
import type { GradientUnit } from '#ml/engine';
import type { Benchmark } from '../benchmark.js';
import { bestOf, named, ratio, takeTurns, timesOf, type Entrant, type Times } from '../contest.js';
import { Learner } from '../learner.js';
import { MatrixPeak } from '../matrix-peak.js';
import { secondsOf, type Measurement } from '../measurement.js';
import { withPeer } from '../peer.js';
import { openEngine } from '../setting.js';
import { forwardFlops, gradientFlops, type Shape } from '../shapes.js';
import { LORA, PROMPT_TOKENS, RESPONSE_TOKENS, TRAINING, somePairs } from '../workload.js';

const JOB = 'LoRA step, 2 pairs × 2 × 256';
const PAIRS = 2;
const PEAK_GOAL = 0.85;
const EAGER_GOAL = 1.25;
const AUTOCAST_GOAL = 1;

type Unit = Pick<GradientUnit, 'rows' | 'weighting'>;

const pairs = somePairs(PAIRS, RESPONSE_TOKENS);

const twoPrompts: Unit = {
  weighting: { kind: 'constant', weight: 1 },
  rows: pairs.map(({ prompt, ...offline }) => ({ prompt, offline })),
};

const onePrompt: Unit = {
  weighting: { kind: 'per_item', weights: [TRAINING.weight] },
  rows: [
    {
      prompt: pairs[0]?.prompt ?? [],
      offline: { chosen: pairs[0]?.chosen ?? [], rejected: pairs[0]?.rejected ?? [] },
      online: { chosen: pairs[1]?.chosen ?? [], rejected: pairs[1]?.rejected ?? [] },
    },
  ],
};

const OURS = [
  { name: 'metaapo, two prompts, a pair each', unit: twoPrompts, responsesPerPrompt: 2 },
  { name: 'metaapo, one prompt, offline and online pair', unit: onePrompt, responsesPerPrompt: 4 },
] as const;

export const trainStep: Benchmark = async (setting, { say, folder, noteVersions }) => {
  const engine = await openEngine(setting);
  const peak = await MatrixPeak.open(setting.shape, setting.threads);
  const peerJob = { model: setting.modelPath, pairs, lora: LORA, ...TRAINING };
  try {
    const learner = new Learner(engine);
    await learner.publish();
    const gradientMs = new Map<string, number>();
    const ours = OURS.map(({ name, unit }): Entrant => ({
      name,
      group: name,
      run: async () =>
        secondsOf(async () => {
          const { computeMs } = await learner.step(unit);
          gradientMs.set(name, Math.min(computeMs, gradientMs.get(name) ?? Infinity));
        }),
    }));
    const { rounds } = setting;
    const times = await withPeer(
      setting,
      { script: 'pytorch_dpo_step.py', folder, job: peerJob, noteVersions, say },
      (peers) => takeTurns([...ours, ...peers], { rounds, peak, say }),
    );
    const ownRates = OURS.flatMap((entry) => rates(entry, { setting, times, gradientMs, peak: peak.best }));
    return [...timesOf(JOB, times), ...ownRates, ...ratios(times)];
  } finally {
    await engine.dispose();
    await peak.dispose();
  }
};

/** Operations that the step needs when a prompt is computed once: gradient, and the reference's forward pass. */
function neededFlops(shape: Shape, responsesPerPrompt: number): number {
  const head = responsesPerPrompt * RESPONSE_TOKENS;
  const tokens = tokensFed(responsesPerPrompt);
  const prompts = (2 * PAIRS) / responsesPerPrompt;
  return prompts * (gradientFlops(shape, tokens, head) + forwardFlops(shape, tokens, head));
}

/** Of one prompt with its responses; the last token of a response is only predicted. */
const tokensFed = (responses: number) => PROMPT_TOKENS + responses * (RESPONSE_TOKENS - 1);

interface Facts {
  readonly setting: { readonly shape: Shape };
  readonly times: readonly Times[];
  readonly gradientMs: ReadonlyMap<string, number>;
  readonly peak: number;
}

function rates(
  { name, responsesPerPrompt }: (typeof OURS)[number],
  { setting, times, gradientMs, peak }: Facts,
): Measurement[] {
  const flops = neededFlops(setting.shape, responsesPerPrompt);
  const tokens = ((2 * PAIRS) / responsesPerPrompt) * tokensFed(responsesPerPrompt);
  const step = flops / bestOf(named(times, name));
  const gradient = flops / ((gradientMs.get(name) ?? Number.NaN) / 1000);
  const note = `${tokens} tokens fed instead of ${4 * (PROMPT_TOKENS + RESPONSE_TOKENS)}, ${(flops / 1e9).toFixed(0)} GFLOP needed, peak ${(peak / 1e9).toFixed(0)} GFLOP/s`;
  const goal = { relation: 'at least', bound: PEAK_GOAL } as const;
  return [
    { job: JOB, name: `${name}: whole step, share of the peak`, value: step / peak, unit: 'of peak', goal, note },
    { job: JOB, name: `${name}: gradient unit alone`, value: gradient / peak, unit: 'of peak' },
  ];
}

function ratios(times: readonly Times[]): Measurement[] {
  const goals: Readonly<Record<string, number>> = {
    'PyTorch eager float32': EAGER_GOAL,
    'PyTorch bf16 autocast': AUTOCAST_GOAL,
  };
  const others = times.filter(({ entrant }) => entrant.group === 'pytorch_dpo_step.py');
  return OURS.flatMap(({ name }) =>
    others
      .filter((other) => Number.isFinite(bestOf(other)))
      .map((other) => {
        const goal = goals[other.entrant.name];
        return ratio(named(times, name), other, { job: JOB, ...(goal !== undefined && { goal }) });
      }),
  );
}

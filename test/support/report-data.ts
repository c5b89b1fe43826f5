/**
 * @file A report's data as a demo run would leave it, made from a seed: for tests of the page and to look at it.
 *
 * The figures follow what the demo's trial runs measured (mean reward 0.14 → 0.35, standard deviation 0.45, KL 2.3).
 */
import { Rng, digestOf } from '#core';
import type { EvaluationSnapshot, GatePoint, IterationReport, ReportData } from '#report';

const PROMPT_COUNT = 300;
const ROW_COUNT = 384;
const SAMPLES_PER_PROMPT = 8;

const STAGES = [
  { stage: 'sft', reward: 0.14, judge: 0.5, distinct: [0.36, 0.84, 0.97], kl: 0, nll: 3.31, share: 0.05 },
  { stage: 'warm-up', reward: 0.28, judge: 1.43, distinct: [0.35, 0.82, 0.96], kl: 1.2, nll: 3.28, share: 0.08 },
  { stage: 'iteration-1', reward: 0.31, judge: 1.6, distinct: [0.34, 0.81, 0.96], kl: 1.7, nll: 3.27, share: 0.09 },
  { stage: 'iteration-2', reward: 0.33, judge: 1.74, distinct: [0.34, 0.8, 0.95], kl: 2.0, nll: 3.26, share: 0.1 },
  { stage: 'final', reward: 0.35, judge: 1.85, distinct: [0.33, 0.8, 0.95], kl: 2.3, nll: 3.26, share: 0.11 },
] as const;

const PROMPTS = [
  'It is with great satisfaction that I report to',
  'The condition of the Treasury during the last year',
  'Our relations with the nations of the South have',
  'I ask the Congress tonight to join me in',
  'The men and women who serve in our armed',
  'Agriculture, the oldest of our industries, has in these',
];

const CONTINUATIONS = [
  'you the peace and prosperity of our people, and the good will of every nation toward our own.',
  'been of a character to require the attention of the Congress at an early day.',
  'a program of work that will give to every family the means of an honest living.',
  'shown a steady growth, and the means at our command are sufficient for the needs of the service.',
] as const;

export interface ReportFixtureOptions {
  /** @default 7 */
  readonly seed?: number;
  /** Share of the final responses that hold the top word. @default 0.11 */
  readonly topWordShare?: number;
  /** With a budget that was spent and an annotator that was down for a while. @default false */
  readonly hasLosses?: boolean;
}

/** Makes the data of a whole run. */
export function reportFixture({ seed = 7, topWordShare, hasLosses = false }: ReportFixtureOptions = {}): ReportData {
  const rng = new Rng('report fixture', seed);
  const baseline = Array.from({ length: PROMPT_COUNT }, () => rng.normal());
  const evaluations = STAGES.map((stage): EvaluationSnapshot => evaluation(stage, baseline, rng, topWordShare));
  const iterations = [0, 1, 2].map((index) => iteration(index, rng));
  const used = iterations.reduce((sum, { annotationCount }) => sum + annotationCount, 0);
  return {
    schema: 'metaapo.report/1',
    runId: 'demo-2f6c91',
    name: 'demo: kinder speeches',
    preset: 'metaapo',
    seed,
    state: 'succeeded',
    serviceVersion: '0.1.0',
    trainingReward: 'demo-reward',
    judges: ['afinn', 'vader'],
    annotations: { used, total: 3 * ROW_COUNT * SAMPLES_PER_PROMPT, fromLedger: 16, evaluation: 5 * PROMPT_COUNT * 3 },
    ...(hasLosses && LOSSES),
    evaluations,
    iterations,
    phases: PHASES,
    configYaml: CONFIG_YAML,
    digests: Object.fromEntries(
      [
        'configuration',
        'training data',
        'base model',
        'tokenizer',
        'reward demo-reward',
        'reward afinn',
        'final adapter',
      ].map((name) => [name, digestOf(name)]),
    ),
  };
}

function evaluation(
  stage: (typeof STAGES)[number],
  baseline: readonly number[],
  rng: Rng,
  topWordShare: number | undefined,
): EvaluationSnapshot {
  const scores = (center: number, spread: number): readonly (number | null)[] =>
    baseline.map((shared, i) => (i === 17 ? null : center + spread * (0.5 * shared + 0.87 * rng.normal())));
  const share = stage.stage === 'final' ? (topWordShare ?? stage.share) : stage.share;
  return {
    stage: stage.stage,
    adapterDigest: stage.stage === 'sft' ? '' : digestOf(stage.stage),
    judged: [
      { judge: 'demo-reward', scores: scores(stage.reward, 0.45) },
      { judge: 'afinn', scores: scores(stage.judge, 3.1) },
      { judge: 'vader', scores: scores(stage.reward + 0.15, 0.42) },
    ],
    distinct: stage.distinct,
    meanTokenCount: 24 + rng.normal(),
    endTokenRate: 0.74 + 0.02 * rng.normal(),
    klToSft: stage.kl,
    nllUnderSft: stage.nll,
    topWord: { word: 'peace', share },
    examples: PROMPTS.map((prompt, i) => ({
      prompt,
      sampled: ` ${CONTINUATIONS[(i + rng.below(4)) % 4]!}`,
      greedy: ' the people of the United States, and the people of the United States, and the people of the',
    })),
  };
}

function iteration(index: number, rng: Rng): IterationReport {
  const weightOf = (score: number): number => 1 / (1 + Math.exp(-(0.5 - 0.25 * index + (0.25 + 0.3 * index) * score)));
  const gate = Array.from({ length: ROW_COUNT }, (_, row): GatePoint => {
    const ellOff = -Math.log1p(Math.exp(-(0.35 * (index + 1) + 0.6 * rng.normal())));
    const weight = weightOf(ellOff);
    const sampled = rng.uniform() > weight;
    const scored = sampled && rng.uniform() > 0.04;
    const ellOn = -Math.log1p(Math.exp(-(0.25 * ellOff + 0.5 * rng.normal())));
    return { itemId: `row-${row}`, score: ellOff, ellOff, weight, sampled, ...(scored && { ellOn }) };
  });
  const sampledCount = gate.filter(({ sampled }) => sampled).length;
  const pairCount = gate.filter(({ ellOn }) => ellOn !== undefined).length;
  return {
    iteration: index,
    promptCount: ROW_COUNT,
    sampledCount,
    annotationCount: sampledCount * SAMPLES_PER_PROMPT,
    pairCount,
    droppedTieCount: sampledCount - pairCount,
    droppedInvalidCount: 0,
    truncatedCount: 83 + index,
    metaUpdateCount: 3,
    optimizerStepCount: 48,
    meanLoss: 0.67 - 0.03 * index,
    curve: Array.from({ length: 41 }, (_, i) => -3 + (3 * i) / 40).map((score) => ({ score, weight: weightOf(score) })),
    gate,
  };
}

const LOSSES: Pick<ReportData, 'spending' | 'gateEvents' | 'losses'> = {
  spending: {
    limit: 3410,
    secondsLimit: null,
    onLimit: 'close_gate',
    countsEvaluation: false,
    spent: 3404,
    price: { perAnnotation: 0.002, currency: 'EUR' },
    forecasts: [
      { iteration: 0, annotations: 3410, annotationsUncapped: 5304 },
      { iteration: 1, annotations: 3410, annotationsUncapped: 4960 },
      { iteration: 2, annotations: 3410, annotationsUncapped: 4711 },
    ],
  },
  gateEvents: [
    { kind: 'closed', iteration: 1, unit: 5, reason: 'annotator' },
    { kind: 'reopened', iteration: 1, unit: 11, reason: 'annotator' },
    { kind: 'closed', iteration: 2, unit: 3, reason: 'budget' },
  ],
  losses: {
    chosenCount: 601,
    lostCount: 168,
    reasons: [
      { reason: 'BUDGET_SPENT', rowCount: 141 },
      { reason: 'ANNOTATOR_DOWN', rowCount: 22 },
      { reason: 'REWARD_BACKEND_FAILED', rowCount: 5 },
    ],
    offlineCount: 163,
    backfilledCount: 31,
    byPromptLength: [
      { group: 'under 32', keptCount: 61, lostCount: 24 },
      { group: '32 to 63', keptCount: 210, lostCount: 71 },
      { group: '64 to 127', keptCount: 140, lostCount: 47 },
      { group: '128 to 255', keptCount: 22, lostCount: 26 },
    ],
    bySource: [
      { group: 'evol_instruct', keptCount: 230, lostCount: 88 },
      { group: 'sharegpt', keptCount: 203, lostCount: 80 },
    ],
  },
};

const PHASES = [
  { phase: 'warm-up', unitCount: 287, p50Ms: 41, p95Ms: 62, maxMs: 130, wallMs: 12_400 },
  { phase: 'score', unitCount: 48, p50Ms: 85, p95Ms: 120, maxMs: 160, wallMs: 2_600 },
  { phase: 'generate', unitCount: 75, p50Ms: 310, p95Ms: 420, maxMs: 650, wallMs: 13_100 },
  { phase: 'annotate', unitCount: 75, p50Ms: 6.2, p95Ms: 11, maxMs: 38, wallMs: 480 },
  { phase: 'gradient', unitCount: 144, p50Ms: 78, p95Ms: 110, maxMs: 210, wallMs: 12_000 },
  { phase: 'meta-update', unitCount: 9, p50Ms: 3.4, p95Ms: 5.1, maxMs: 5.3, wallMs: 36 },
  { phase: 'evaluate', unitCount: 95, p50Ms: 240, p95Ms: 330, maxMs: 400, wallMs: 24_000 },
] as const;

const CONFIG_YAML = `name: "demo: kinder speeches"
seed: 7
preset: metaapo
model: { path: model }
data: { train: train.jsonl, held_out: held-out.jsonl }
policy: { training: full, learning_rate: 8.0e-5, batch_size: 8 }
sampling: { samples_per_prompt: 8, max_new_tokens: 32, temperature: 1 }
meta_learner: { init: constant, update_every: 16 }
reference: frozen_sft
`;

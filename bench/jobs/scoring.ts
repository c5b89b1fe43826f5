/**
 * @file Log-probabilities of 16 responses, 256 tokens each with their prompt: chosen and rejected of eight prompts.
 *
 * The others compute sixteen sequences of 256 tokens; we, each prompt once for its two responses.
 */
import type { ScoreUnit } from '#ml/engine';
import type { Benchmark } from '../benchmark.js';
import { bestOf, named, ratio, takeTurns, timesOf } from '../contest.js';
import { MatrixPeak } from '../matrix-peak.js';
import { secondsOf } from '../measurement.js';
import { withPeer } from '../peer.js';
import { openEngine } from '../setting.js';
import { forwardFlops } from '../shapes.js';
import { PROMPT_TOKENS, RESPONSE_TOKENS, somePairs } from '../workload.js';

const JOB = 'scoring 16 × 256';
const PROMPTS = 8;
const PEAK_GOAL = 0.95;
const EAGER_GOAL = 1.3;
const OURS = 'metaapo';

const pairs = somePairs(PROMPTS, RESPONSE_TOKENS);

const unit: ScoreUnit = {
  policies: [null],
  rows: pairs.map(({ prompt, chosen, rejected }) => ({ prompt, responses: [chosen, rejected] })),
  includeTokenLogProbs: false,
};

export const scoring: Benchmark = async (setting, { say, folder, noteVersions }) => {
  const { shape, threads, rounds, modelPath } = setting;
  const engine = await openEngine(setting);
  const peak = await MatrixPeak.open(shape, threads);
  try {
    const ours = { name: OURS, group: OURS, run: async () => secondsOf(() => engine.score(unit)) };
    const times = await withPeer(
      setting,
      { script: 'pytorch_score.py', folder, job: { model: modelPath, pairs }, noteVersions, say },
      (peers) => takeTurns([ours, ...peers], { rounds, peak, say }),
    );
    const fed = PROMPT_TOKENS + 2 * (RESPONSE_TOKENS - 1);
    const flops = PROMPTS * forwardFlops(shape, fed, 2 * RESPONSE_TOKENS);
    const share = flops / bestOf(named(times, OURS)) / peak.best;
    const note = `${PROMPTS * fed} tokens fed instead of ${2 * PROMPTS * (PROMPT_TOKENS + RESPONSE_TOKENS)}, ${(flops / 1e9).toFixed(0)} GFLOP needed, peak ${(peak.best / 1e9).toFixed(0)} GFLOP/s`;
    const goals: Readonly<Record<string, number>> = { 'PyTorch inference_mode float32': EAGER_GOAL };
    return [
      ...timesOf(JOB, times),
      {
        job: JOB,
        name: `${OURS}: share of the peak`,
        value: share,
        unit: 'of peak',
        goal: { relation: 'at least', bound: PEAK_GOAL },
        note,
      },
      ...times
        .filter((other) => other.entrant.group !== OURS && Number.isFinite(bestOf(other)))
        .map((other) => {
          const goal = goals[other.entrant.name];
          return ratio(named(times, OURS), other, { job: JOB, ...(goal !== undefined && { goal }) });
        }),
    ];
  } finally {
    await engine.dispose();
    await peak.dispose();
  }
};

/** @file Weighted preference losses of the cases: their constants as our objective, their batches as gradient rows. */
import { present } from '#core';
import type {
  GradientUnit,
  LossKind,
  Objective,
  PairValues,
  PolicyEngine,
  PolicyRef,
  RowStatistics,
  Weighting,
} from '#ml/engine';
import type { GoldenTensors } from './golden-case.js';
import type { Numbers } from './measurement.js';
import { RESPONSE_KINDS, tokenRows, type ResponseKind, type TokenRow } from './token-rows.js';

export interface GoldenLoss {
  readonly kind: 'dpo' | 'ipo' | 'ipo_avg' | 'simpo';
  readonly beta: number;
  readonly gamma: number;
  readonly input_beta: number;
  readonly fixed_w: number | null;
}

/** Per prompt, as the cases log them. */
export interface PromptValues<N extends Numbers = readonly number[]> {
  readonly delta_off: N;
  readonly delta_on: N;
  readonly ell_off: N;
  readonly ell_on: N;
  readonly s: N;
  readonly w: N;
}

export const PROMPT_VALUES = ['delta_off', 'delta_on', 'ell_off', 'ell_on', 's', 'w'] as const;

const LOSS_KINDS: { readonly [K in GoldenLoss['kind']]: LossKind } = {
  dpo: 'dpo',
  ipo: 'ipo',
  ipo_avg: 'ipo_average',
  simpo: 'simpo',
};

const HIDDEN = 100;
/** The meta-learner's constant start: weights 0.1, biases 0. */
export const CONSTANT_START: Weighting = {
  kind: 'meta_learner',
  weights: {
    hiddenWeights: new Float32Array(HIDDEN).fill(0.1),
    hiddenBiases: new Float32Array(HIDDEN),
    outputWeights: new Float32Array(HIDDEN).fill(0.1),
    outputBias: 0,
  },
};

export function objectiveOf({ kind, beta, gamma, input_beta: inputBeta }: GoldenLoss): Objective {
  return { loss: LOSS_KINDS[kind], beta, gamma, inputBeta };
}

export function isAveraging({ kind }: GoldenLoss): boolean {
  return kind === 'ipo_avg' || kind === 'simpo';
}

/** The four responses of every prompt. */
export type PreferenceRows = { readonly [K in ResponseKind]: readonly TokenRow[] };

export function preferenceRows(inputs: GoldenTensors): PreferenceRows {
  const rows = RESPONSE_KINDS.map((kind) => [kind, tokenRows(inputs, kind)] as const);
  return Object.fromEntries(rows) as unknown as PreferenceRows;
}

/** Prompts `start` to `end` as rows of a gradient unit. */
export function gradientRows(rows: PreferenceRows, start: number, end: number): GradientUnit['rows'] {
  const completion = (kind: ResponseKind, index: number) => present(rows[kind][index], `row ${index}`).completion;
  return rows.chosen.slice(start, end).map(({ prompt }, offset) => {
    const index = start + offset;
    return {
      prompt,
      offline: { chosen: completion('chosen', index), rejected: completion('rejected', index) },
      online: { chosen: completion('online_chosen', index), rejected: completion('online_rejected', index) },
    };
  });
}

/** Log-probabilities of every response, summed or averaged as the loss has it. */
export async function responseLogProbs(
  engine: PolicyEngine,
  policy: PolicyRef,
  { rows, mean }: { readonly rows: PreferenceRows; readonly mean: boolean },
): Promise<{ readonly [K in ResponseKind]: number[] }> {
  const { rows: scored } = await engine.score({
    policies: [policy],
    rows: rows.chosen.map(({ prompt }, index) => ({
      prompt,
      responses: RESPONSE_KINDS.map((kind) => present(rows[kind][index], `row ${index}`).completion),
    })),
    includeTokenLogProbs: false,
  });
  const entries = RESPONSE_KINDS.map((kind, k) => {
    const values = rows[kind].map(({ completion }, index) => {
      const sum = present(scored[index]?.[k]?.sums[0], `log-probability of ${kind} ${index}`);
      return mean ? sum / completion.length : sum;
    });
    return [kind, values] as const;
  });
  return Object.fromEntries(entries) as unknown as { readonly [K in ResponseKind]: number[] };
}

/** The engine's statistics under the names of the cases. */
export function promptValues(rows: readonly RowStatistics[], loss: GoldenLoss): PromptValues {
  const column = (read: (row: RowStatistics) => number) => rows.map(read);
  return {
    delta_off: column((row) => delta(loss, row.policyOffline, row.referenceOffline)),
    delta_on: column((row) => delta(loss, row.policyOnline, row.referenceOnline)),
    ell_off: column((row) => present(row.ellOff, 'ℓ_off')),
    ell_on: column((row) => present(row.ellOn, 'ℓ_on')),
    s: column((row) => present(row.score, 's')),
    w: column((row) => row.weight),
  };
}

/** Δ of a pair: of log-ratios, or for SimPO of log-probabilities less γ/β. */
function delta(loss: GoldenLoss, policy: PairValues | undefined, reference: PairValues | undefined): number {
  const margin = difference(present(policy, 'log-probabilities of the policy'));
  if (loss.kind === 'simpo') return margin - loss.gamma / loss.beta;
  return margin - difference(present(reference, 'log-probabilities of the reference'));
}

function difference({ chosen, rejected }: PairValues): number {
  return chosen - rejected;
}

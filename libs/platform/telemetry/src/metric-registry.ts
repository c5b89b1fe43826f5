/** @file Every metric of the project, declared before it is used; attributes and spans are in `registry.ts`. */
import type { AttributeName, Attributes, Stability } from './registry.js';

interface MetricDeclaration {
  readonly key: string;
  readonly kind: 'duration' | 'amount' | 'counter' | 'gauge';
  /** UCUM, as OpenTelemetry asks for. */
  readonly unit: string;
  readonly description: string;
  readonly attributes: readonly AttributeName[];
  readonly stability: Stability;
  readonly example: number;
}

/** Metrics by the names that code uses. Durations and amounts are histograms. */
export const METRICS = {
  unitDuration: {
    key: 'metaapo.unit.duration',
    kind: 'duration',
    unit: 's',
    description: 'From the first request of a unit to its entry in the journal.',
    attributes: ['phase', 'outcome'],
    stability: 'stable',
    example: 0.42,
  },
  queueDuration: {
    key: 'metaapo.queue.duration',
    kind: 'duration',
    unit: 's',
    description: 'Waiting for the engine.',
    attributes: ['phase'],
    stability: 'stable',
    example: 0.01,
  },
  computeDuration: {
    key: 'metaapo.compute.duration',
    kind: 'duration',
    unit: 's',
    description: 'Computing one unit in the engine, the meta-learner or a reward backend.',
    attributes: ['phase', 'service'],
    stability: 'stable',
    example: 0.3,
  },
  rewardPhaseDuration: {
    key: 'metaapo.reward.phase.duration',
    kind: 'duration',
    unit: 's',
    description: 'Part of a call of the reward service: `queue`, `tokenize`, `compute` or `total`.',
    attributes: ['rewardModel', 'phase'],
    stability: 'stable',
    example: 0.004,
  },
  firstTokenDuration: {
    key: 'metaapo.generate.time_to_first_token',
    kind: 'duration',
    unit: 's',
    description: 'From the start of a generation to its first token.',
    attributes: [],
    stability: 'stable',
    example: 0.05,
  },
  generateTokens: {
    key: 'metaapo.generate.tokens',
    kind: 'amount',
    unit: '{token}',
    description: 'New tokens of one generation, end tokens included.',
    attributes: [],
    stability: 'stable',
    example: 512,
  },
  annotations: {
    key: 'metaapo.annotations.count',
    kind: 'counter',
    unit: '{annotation}',
    description: 'Responses annotated and paid for.',
    attributes: ['rewardModel', 'outcome'],
    stability: 'stable',
    example: 128,
  },
  rewardEpoch: {
    key: 'metaapo.reward.epoch_in_service',
    kind: 'gauge',
    unit: '{epoch}',
    description: 'Epoch that is in service under a name.',
    attributes: ['rewardModel'],
    stability: 'stable',
    example: 3,
  },
  rewardSwaps: {
    key: 'metaapo.reward.changes',
    kind: 'counter',
    unit: '{change}',
    description: 'Changes of the models behind a name; `outcome` is what was done, for instance `promoted`.',
    attributes: ['rewardModel', 'outcome'],
    stability: 'stable',
    example: 2,
  },
  shadowResponses: {
    key: 'metaapo.reward.shadow.responses',
    kind: 'counter',
    unit: '{response}',
    description: 'Responses of live traffic for a staged model: scored (`ok`), failed (the reason) or `dropped`.',
    attributes: ['rewardModel', 'outcome'],
    stability: 'stable',
    example: 512,
  },
  rewardRemoteAttempts: {
    key: 'metaapo.reward.remote.attempts',
    kind: 'counter',
    unit: '{attempt}',
    description: 'Attempts at servers that score for this service, repetitions included.',
    attributes: ['rewardModel', 'outcome'],
    stability: 'stable',
    example: 640,
  },
  judgeTokens: {
    key: 'metaapo.reward.judge.tokens',
    kind: 'counter',
    unit: '{token}',
    description: 'Tokens that judges used, `prompt` or `completion`, for answers without a verdict too.',
    attributes: ['rewardModel', 'phase'],
    stability: 'stable',
    example: 120_000,
  },
  ledgerHits: {
    key: 'metaapo.ledger.hits',
    kind: 'counter',
    unit: '{annotation}',
    description: 'Annotations found in the ledger and not paid for again.',
    attributes: ['rewardModel'],
    stability: 'stable',
    example: 12,
  },
  retries: {
    key: 'metaapo.unit.retries',
    kind: 'counter',
    unit: '{retry}',
    description: 'Repeated attempts at units.',
    attributes: ['phase', 'outcome'],
    stability: 'stable',
    example: 1,
  },
  refusals: {
    key: 'metaapo.refusals',
    kind: 'counter',
    unit: '{call}',
    description: 'Calls refused because a queue was full.',
    attributes: ['service', 'outcome'],
    stability: 'stable',
    example: 3,
  },
  queueUnits: {
    key: 'metaapo.queue.units',
    kind: 'gauge',
    unit: '{unit}',
    description: 'Units waiting for the engine.',
    attributes: ['service'],
    stability: 'stable',
    example: 2,
  },
  parityDelta: {
    key: 'metaapo.replica.parity_delta',
    kind: 'gauge',
    unit: '{nat}',
    description: "Largest difference of a replica's log-probabilities of the canary sequences from what is expected.",
    attributes: ['replica'],
    stability: 'stable',
    example: 0,
  },
  adapterBytes: {
    key: 'metaapo.adapters.resident',
    kind: 'gauge',
    unit: 'By',
    description: 'Memory that resident adapters occupy.',
    attributes: ['service'],
    stability: 'stable',
    example: 1_048_576,
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

export type MetricName = keyof typeof METRICS;
/** Metrics of one kind. */
export type MetricOfKind<Kind extends MetricDeclaration['kind']> = {
  [N in MetricName]: (typeof METRICS)[N]['kind'] extends Kind ? N : never;
}[MetricName];
/** Attributes that a metric may carry. */
export type MetricAttributes<Name extends MetricName> = Attributes<(typeof METRICS)[Name]['attributes'][number]>;

/**
 * Bucket bounds of durations, in seconds: four per decade from 1 ms to 10 min, since units range from a millisecond (a
 * gate) to minutes (a gradient of a large model).
 */
export const DURATION_BOUNDS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 600,
] as const;
/** Bucket bounds of amounts: powers of four up to a million. */
export const AMOUNT_BOUNDS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576] as const;

/**
 * @file Every span, attribute and metric of the project, declared before it is used; no other file names one.
 *
 * A span per call, unit of work, batch phase or optimizer step, never per tensor operation. No prompt or answer text.
 * Names are ours (`metaapo.*`) except where OpenTelemetry's semantic conventions have one.
 */

export type Stability = 'stable' | 'experimental';

interface AttributeDeclaration {
  readonly key: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly description: string;
  readonly example: string | number | boolean;
  readonly stability: Stability;
}

/** Attributes by the names that code uses. */
export const ATTRIBUTES = {
  runId: {
    key: 'metaapo.run.id',
    type: 'string',
    description: 'Run that the work belongs to.',
    example: 'demo',
    stability: 'stable',
  },
  unitId: {
    key: 'metaapo.unit.id',
    type: 'string',
    description: 'Unit of work, derived from run, iteration, phase and index.',
    example: 'demo/0/generate/3',
    stability: 'stable',
  },
  phase: {
    key: 'metaapo.phase',
    type: 'string',
    description: 'Phase of the run that the unit is part of.',
    example: 'generate',
    stability: 'stable',
  },
  iteration: {
    key: 'metaapo.iteration',
    type: 'number',
    description: 'Iteration of the run, from 0.',
    example: 2,
    stability: 'stable',
  },
  replica: {
    key: 'metaapo.replica',
    type: 'string',
    description: 'Address of one of several replicas of a service.',
    example: '10.0.0.7:50051',
    stability: 'stable',
  },
  step: {
    key: 'metaapo.step',
    type: 'number',
    description: 'Optimizer step, from 0.',
    example: 17,
    stability: 'stable',
  },
  attempt: {
    key: 'metaapo.unit.attempt',
    type: 'number',
    description: 'Attempts at the unit so far, from 1.',
    example: 1,
    stability: 'stable',
  },
  itemCount: {
    key: 'metaapo.item.count',
    type: 'number',
    description: 'Items in the unit.',
    example: 8,
    stability: 'stable',
  },
  sampledCount: {
    key: 'metaapo.gate.sampled.count',
    type: 'number',
    description: 'Items that the gate chose for sampling.',
    example: 5,
    stability: 'stable',
  },
  responseCount: {
    key: 'metaapo.response.count',
    type: 'number',
    description: 'Responses scored, generated or annotated.',
    example: 32,
    stability: 'stable',
  },
  tokenCount: {
    key: 'metaapo.token.count',
    type: 'number',
    description: 'Tokens that went through the model, padding excluded.',
    example: 1024,
    stability: 'stable',
  },
  stepCount: {
    key: 'metaapo.decode.step.count',
    type: 'number',
    description: 'Decode steps run.',
    example: 24,
    stability: 'stable',
  },
  policy: {
    key: 'metaapo.policy.digest',
    type: 'string',
    description: 'Digest of the adapter; empty is the base.',
    example: 'sha256:9f86d0…',
    stability: 'stable',
  },
  rewardModel: {
    key: 'metaapo.reward.model',
    type: 'string',
    description: 'Name of the reward model.',
    example: 'sentiment',
    stability: 'stable',
  },
  rewardEpoch: {
    key: 'metaapo.reward.epoch',
    type: 'number',
    description: 'Epoch of the reward model that answered.',
    example: 1,
    stability: 'stable',
  },
  metaVersion: {
    key: 'metaapo.meta_learner.version',
    type: 'number',
    description: 'Version of the meta-learner that decided or was made.',
    example: 4,
    stability: 'stable',
  },
  outcome: {
    key: 'metaapo.outcome',
    type: 'string',
    description: 'How it ended: `ok` or the reason of the error.',
    example: 'QUEUE_FULL',
    stability: 'stable',
  },
  service: {
    key: 'metaapo.service',
    type: 'string',
    description: 'Service that answered.',
    example: 'policy',
    stability: 'stable',
  },
} as const satisfies Readonly<Record<string, AttributeDeclaration>>;

export type AttributeName = keyof typeof ATTRIBUTES;

/** Values of any of the given attributes. */
export type Attributes<Name extends AttributeName = AttributeName> = {
  readonly [N in Name]?: { string: string; number: number; boolean: boolean }[(typeof ATTRIBUTES)[N]['type']];
};

interface SpanDeclaration {
  readonly key: string;
  readonly description: string;
  readonly attributes: readonly AttributeName[];
  readonly stability: Stability;
}

/** Spans by the names that code uses. */
export const SPANS = {
  run: {
    key: 'metaapo.run',
    description: 'A training run, in the trainer.',
    attributes: ['runId'],
    stability: 'stable',
  },
  phase: {
    key: 'metaapo.phase',
    description: 'A phase of an iteration, in the trainer.',
    attributes: ['runId', 'phase', 'iteration'],
    stability: 'stable',
  },
  unit: {
    key: 'metaapo.unit',
    description: 'A unit of work from its first request to its entry in the journal, in the trainer.',
    attributes: ['runId', 'unitId', 'phase', 'iteration', 'attempt', 'itemCount', 'outcome'],
    stability: 'stable',
  },
  update: {
    key: 'metaapo.update',
    description: 'An optimizer step of the policy, in the trainer.',
    attributes: ['runId', 'iteration', 'step'],
    stability: 'stable',
  },
  metaUpdate: {
    key: 'metaapo.meta_update',
    description: 'An update of the meta-learner, in the meta-learner.',
    attributes: ['runId', 'metaVersion', 'itemCount'],
    stability: 'stable',
  },
  gate: {
    key: 'metaapo.gate',
    description: 'Gate decisions for one unit, in the meta-learner.',
    attributes: ['runId', 'metaVersion', 'iteration', 'itemCount', 'sampledCount'],
    stability: 'stable',
  },
  annotate: {
    key: 'metaapo.annotate',
    description: 'Annotation of one unit by a backend, in the reward service.',
    attributes: ['rewardModel', 'rewardEpoch', 'itemCount', 'responseCount'],
    stability: 'stable',
  },
  queue: {
    key: 'metaapo.queue',
    description: 'Waiting for the engine, in the policy service.',
    attributes: ['itemCount'],
    stability: 'stable',
  },
  score: {
    key: 'metaapo.score',
    description: 'Forward passes of one scoring unit, in the policy service.',
    attributes: ['policy', 'itemCount', 'responseCount', 'tokenCount'],
    stability: 'stable',
  },
  prefill: {
    key: 'metaapo.prefill',
    description: 'Forward pass over the prompts of a generation, in the policy service.',
    attributes: ['policy', 'itemCount', 'tokenCount'],
    stability: 'stable',
  },
  decode: {
    key: 'metaapo.decode',
    description: 'All decode steps of a generation, in the policy service.',
    attributes: ['policy', 'responseCount', 'tokenCount', 'stepCount'],
    stability: 'stable',
  },
  gradient: {
    key: 'metaapo.gradient',
    description: 'Forward and backward pass of one unit, in the policy service.',
    attributes: ['policy', 'itemCount', 'tokenCount'],
    stability: 'stable',
  },
} as const satisfies Readonly<Record<string, SpanDeclaration>>;

export type SpanName = keyof typeof SPANS;
/** Attributes that a span may carry. */
export type SpanAttributes<Name extends SpanName> = Attributes<(typeof SPANS)[Name]['attributes'][number]>;

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

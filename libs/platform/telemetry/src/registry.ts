/**
 * @file Every span and attribute of the project, declared before it is used; no other file names one. Metrics are in
 * `metric-registry.ts`.
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

/**
 * @file The kinds of reward backends and how each is started: a new kind is one line here and one in the configuration.
 */
import type { Clock } from '#core';
import { environmentSecret } from '#platform/config';
import type { BatchingOptions } from '#ml/reward-models';
import type { RewardBackend } from '../reward-backend.js';
import { ClassifierBackend } from './classifier-backend.js';
import type { ClassifierBackendSpec } from './classifier-spec.js';
import { EnsembleBackend, type EnsembleSpec } from './ensemble-backend.js';
import type { SecretSource } from './http/endpoint.js';
import type { OutwardListener } from './http/outward-listener.js';
import { JudgeBackend } from './llm-judge/judge-backend.js';
import type { JudgeSpec } from './llm-judge/judge-spec.js';
import { outwardMetrics } from './outward-metrics.js';
import type { RemoteSpec } from './remote/remote-spec.js';
import { startRemote } from './remote/start-remote.js';
import type { ScorerSpec } from './scorers.js';
import { ThreadBackend } from './thread-backend.js';

/** A rule or module as configured. */
export type ThreadedScorerSpec = ScorerSpec & {
  /** Threads that score side by side. @default 1 */
  readonly threads?: number | undefined;
};

/** A reward model that stands by itself. */
export type SingleBackendSpec = ThreadedScorerSpec | ClassifierBackendSpec | JudgeSpec | RemoteSpec;

/** A reward model as configured. Ensembles have no ensembles among their members. */
export type BackendSpec = SingleBackendSpec | EnsembleSpec<SingleBackendSpec>;
export type BackendKind = BackendSpec['backend'];

export interface BackendContext {
  readonly rewardModel: string;
  /** Longest time for one response, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading, in milliseconds. */
  readonly loadTimeoutMs: number;
  /** How responses of many calls share a classifier's batches. @default across calls, without waiting */
  readonly batching?: BatchingOptions | undefined;
  readonly clock: Clock;
  /** Reads the keys of judges and servers. @default the environment */
  readonly readSecret?: SecretSource | undefined;
  /** A number in [0, 1), for waits between attempts. @default `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Hears of what is asked of other servers. @default the metrics */
  readonly listener?: OutwardListener | undefined;
}

type Starter<Kind extends BackendKind> = (
  spec: Extract<BackendSpec, { backend: Kind }>,
  context: BackendContext,
) => Promise<RewardBackend>;

const startInThreads = (
  { threads = 1, ...spec }: ThreadedScorerSpec,
  context: BackendContext,
): Promise<RewardBackend> => ThreadBackend.start({ ...context, spec, threadCount: threads });

const startClassifier = (spec: ClassifierBackendSpec, context: BackendContext): Promise<RewardBackend> =>
  ClassifierBackend.start({ ...context, spec });

/** With what only those need that ask elsewhere. */
const outward = ({ readSecret, random, listener, ...context }: BackendContext) => ({
  ...context,
  readSecret: readSecret ?? environmentSecret,
  random: random ?? Math.random,
  listener: listener ?? outwardMetrics,
});

const startJudge = (spec: JudgeSpec, context: BackendContext): Promise<RewardBackend> =>
  JudgeBackend.start({ ...outward(context), spec });

const startRemoteServer = (spec: RemoteSpec, context: BackendContext): Promise<RewardBackend> =>
  startRemote({ ...outward(context), spec });

const startEnsemble = (spec: EnsembleSpec<SingleBackendSpec>, context: BackendContext): Promise<RewardBackend> =>
  EnsembleBackend.start(spec, ({ name, model }) =>
    startBackend(model, { ...context, rewardModel: `${context.rewardModel}/${name}` }),
  );

const starters: { readonly [Kind in BackendKind]: Starter<Kind> } = {
  vader: startInThreads,
  afinn: startInThreads,
  length: startInThreads,
  regex: startInThreads,
  module: startInThreads,
  'lm-classifier': startClassifier,
  'onnx-classifier': startClassifier,
  'llm-judge': startJudge,
  remote: startRemoteServer,
  ensemble: startEnsemble,
};

/** Loads the model behind a name. @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
export function startBackend(spec: BackendSpec, context: BackendContext): Promise<RewardBackend> {
  const start = starters[spec.backend] as (spec: BackendSpec, context: BackendContext) => Promise<RewardBackend>;
  return start(spec, context);
}

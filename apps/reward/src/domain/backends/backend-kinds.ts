/**
 * @file The kinds of reward backends and how each is started: a new kind is one line here and one in the configuration.
 */
import type { Clock } from '#core';
import type { RewardBackend } from '../reward-backend.js';
import type { ScorerSpec } from './scorers.js';
import { ThreadBackend } from './thread-backend.js';

/** A reward model as configured. */
export type BackendSpec = ScorerSpec & {
  /** Threads that score side by side, where the kind has any. @default 1 */
  readonly threads?: number | undefined;
};
export type BackendKind = BackendSpec['backend'];

export interface BackendContext {
  readonly rewardModel: string;
  /** Longest time for one response, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
}

type Starter<Kind extends BackendKind> = (
  spec: Extract<BackendSpec, { backend: Kind }>,
  context: BackendContext,
) => Promise<RewardBackend>;

const startInThreads = ({ threads = 1, ...spec }: BackendSpec, context: BackendContext): Promise<RewardBackend> =>
  ThreadBackend.start({ ...context, spec, threadCount: threads });

const starters: { readonly [Kind in BackendKind]: Starter<Kind> } = {
  vader: startInThreads,
  afinn: startInThreads,
  module: startInThreads,
};

/** Loads the model behind a name. @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
export function startBackend(spec: BackendSpec, context: BackendContext): Promise<RewardBackend> {
  const start = starters[spec.backend] as (spec: BackendSpec, context: BackendContext) => Promise<RewardBackend>;
  return start(spec, context);
}

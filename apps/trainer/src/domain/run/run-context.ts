/** @file What every phase of a run works with. */
import type { Clock, Digest } from '#core';
import type { RunConfig } from '#run-config';
import type { PreferenceRow } from '../algorithm/rows.js';
import type { SpendingStory } from '../budget/spending-story.js';
import type { Spending } from '../budget/spending.js';
import type { Annotators } from '../degrade/annotators.js';
import type { MetaLearnerPort } from '../ports/meta-learner-port.js';
import type { Objective, PolicyPort, SamplingSettings } from '../ports/policy-port.js';
import type { RewardPort } from '../ports/reward-port.js';
import type { RewardEpochs } from '../rewards/reward-epochs.js';
import type { Artifacts } from '../storage/artifacts.js';
import type { Journal } from '../storage/journal.js';
import type { Ledger } from '../storage/ledger.js';
import type { AdapterShelf } from './adapter-shelf.js';
import type { PhaseTracker } from './phase-tracker.js';
import type { RunObserver } from './run-observer.js';
import type { UnitRunner } from './unit-runner.js';

/** The services a run needs. */
export interface Services {
  readonly policy: PolicyPort;
  readonly reward: RewardPort;
  /** The meta-learner of one run. */
  readonly metaLearnerOf: (runId: string) => MetaLearnerPort;
}

/** One process's work on a run. */
export interface RunContext {
  readonly runId: string;
  /** Counts the processes that worked on this run, from 1: services that remember requests must not confuse them. */
  readonly attempt: number;
  readonly config: RunConfig;
  readonly objective: Objective;
  /** All rows in the seeded order. */
  readonly rows: readonly PreferenceRow[];
  /** Held-out prompts; empty when nothing is evaluated. */
  readonly heldOut: readonly Pick<PreferenceRow, 'id' | 'prompt'>[];
  /** Training reward and judges, as the iteration under way is held to them. */
  readonly rewards: RewardEpochs;
  readonly policy: PolicyPort;
  readonly reward: RewardPort;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly artifacts: Artifacts;
  readonly shelf: AdapterShelf;
  readonly units: UnitRunner;
  readonly spending: Spending;
  /** What there is to tell of money and of lost prompts. */
  readonly story: SpendingStory;
  readonly annotators: Annotators;
  readonly phases: PhaseTracker;
  readonly clock: Clock;
  readonly observer: RunObserver;
  /** Aborted when nothing further is to begin. */
  readonly stop: AbortSignal;
  /** Aborted when units in flight are to be given up. */
  readonly abandon: AbortSignal;
  /** Says on disk which policy the run has reached, and after how many iterations. */
  readonly recordPolicy: (policy: Digest, iterationsDone: number) => Promise<void>;
}

export function objectiveOf({ algorithm }: RunConfig): Objective {
  const { loss, beta, gamma, input_beta } = algorithm;
  return { loss, beta, gamma, inputBeta: input_beta === 'beta' ? beta : input_beta };
}

export function samplingOf({ sampling }: RunConfig): SamplingSettings {
  return {
    temperature: sampling.temperature,
    topK: sampling.top_k,
    topP: sampling.top_p,
    maxNewTokens: sampling.max_new_tokens,
    stop: sampling.stop,
  };
}

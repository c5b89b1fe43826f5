/** @file Before a run: asks the services what they are, holds the run to it, and makes everything ready that phases work with. */
import type { Clock } from '#core';
import type { AdapterSpec } from '#ml/adapters';
import type { ParsedRunConfig } from '#run-config';
import { openSpending } from '../budget/open-spending.js';
import { Annotators } from '../degrade/annotators.js';
import type { PolicyDescription } from '../ports/policy-port.js';
import { RewardEpochs } from '../rewards/reward-epochs.js';
import { AdapterShelf } from './adapter-shelf.js';
import { canaryOf } from './canary.js';
import { objectiveOf, type RunContext, type Services } from './run-context.js';
import { pinFact, type RunDirectory } from './run-directory.js';
import { initialPolicy, readFrozen, type RunData } from './run-inputs.js';
import { checkLimits } from './run-limits.js';
import type { RunObserver } from './run-observer.js';
import { recordPolicy } from './run-outputs.js';
import type { RunInputs } from './training-run.js';
import { UnitRunner } from './unit-runner.js';

/** What a run is made of. */
export interface RunSources {
  readonly parsed: ParsedRunConfig;
  readonly data: RunData;
  readonly directory: RunDirectory;
  /** Folder that the configuration's paths start from. */
  readonly baseDirectory: string;
  readonly services: Services;
  readonly clock: Clock;
  readonly observer: RunObserver;
}

/** What this process's work on the run has of its own. */
export interface RunProgress extends Pick<RunContext, 'story' | 'phases' | 'stop' | 'abandon'> {
  readonly locateBase: () => Promise<string>;
  /** Told after how many iterations a policy was recorded. */
  readonly reached: (iterationsDone: number) => Promise<void>;
}

export interface GatheredRun {
  readonly context: RunContext;
  readonly inputs: RunInputs;
  readonly spec: AdapterSpec;
  readonly baseDigest: string;
  /** Of everything that the results depend on, by what it is. */
  readonly digests: Readonly<Record<string, string>>;
}

/** @throws RunConfigChangedError and others where a service is not what the run began with, or cannot do what it asks for */
export async function gatherRun(sources: RunSources, progress: RunProgress): Promise<GatheredRun> {
  const { parsed, data, directory, baseDirectory, services, clock } = sources;
  const { config } = parsed;
  const { journal } = directory;
  const call = { signal: progress.abandon };
  const description = await services.policy.describe(call);
  checkLimits(config, description);
  await services.policy.handshake(canaryOf(data.rows), call);
  const rewards = await RewardEpochs.open({ config, reward: services.reward, journal, clock, ...call });
  const frozen = await readFrozen(config, baseDirectory);
  const digests = {
    ...data.digests,
    ...policyDigests(description),
    ...Object.fromEntries(rewards.first.models.map((model) => [`reward.${model.name}`, model.weightsDigest])),
    ...(frozen && { frozen_meta_learner: frozen.digest }),
  };
  for (const [input, digest] of Object.entries(digests)) await pinFact(journal, input, digest);
  const { baseDigest } = description;
  const { spec, policy } = await initialPolicy(config, description, progress.locateBase);
  const context = contextOf(sources, progress, { rewards, spec, baseDigest });
  const inputs = { initial: policy, frozen: frozen?.state, metaLearnerOf: services.metaLearnerOf };
  return { context, inputs, spec, baseDigest, digests };
}

function policyDigests({ baseDigest, tokenizerDigest, chatTemplateDigest }: PolicyDescription): Record<string, string> {
  return {
    base_model: baseDigest,
    tokenizer: tokenizerDigest,
    ...(chatTemplateDigest !== '' && { chat_template: chatTemplateDigest }),
  };
}

function contextOf(
  { parsed: { config }, data, directory, baseDirectory, services, clock, observer }: RunSources,
  { story, phases, stop, abandon, reached }: RunProgress,
  { rewards, spec, baseDigest }: Pick<RunContext, 'rewards'> & Pick<GatheredRun, 'spec' | 'baseDigest'>,
): RunContext {
  const { journal, ledger, artifacts, runId, attempt } = directory;
  const { rows, heldOut } = data;
  const { policy, reward } = services;
  const { concurrency } = config.units;
  const counts = { rowCount: rows.length, heldOutCount: heldOut.length };
  return {
    runId,
    attempt,
    config,
    objective: objectiveOf(config),
    rows,
    heldOut,
    rewards,
    policy,
    reward,
    journal,
    ledger,
    artifacts,
    shelf: new AdapterShelf({ policy, artifacts, spec, signal: abandon }),
    units: new UnitRunner({ journal, clock, concurrency, stop, abandon, runId, observer }),
    spending: openSpending({ config, ...counts, journal, ledger, clock }),
    story,
    annotators: new Annotators({ config, clock, journal, attempt }),
    phases,
    clock,
    observer,
    stop,
    abandon,
    recordPolicy: async (digest, iterationsDone) => {
      await recordPolicy({ runDirectory: directory.path, baseDirectory, baseDigest }, journal, digest);
      await reached(iterationsDone);
    },
  };
}

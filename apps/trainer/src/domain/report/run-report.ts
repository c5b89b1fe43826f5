/** @file The report of a run, as plain data. */
import type { ReportData } from '#report';
import type { ParsedRunConfig } from '#run-config';
import type { SpendingStory } from '../budget/spending-story.js';
import type { ReplicaFigures } from '../ports/policy-port.js';
import type { RunDirectory } from '../run/run-directory.js';
import type { RunState } from '../run/run-snapshot.js';
import { annotationCounts } from '../storage/ledger.js';
import type { RunRecord } from '../run/training-run.js';
import type { RewardEpochs } from '../rewards/reward-epochs.js';
import { phaseLatencies } from './phase-latencies.js';
import { rewardModelsReport } from './reward-models-report.js';

export interface RunReportInput {
  readonly parsed: ParsedRunConfig;
  readonly directory: RunDirectory;
  readonly record: RunRecord;
  readonly story: SpendingStory;
  readonly state: RunState;
  readonly rowCount: number;
  readonly digests: Readonly<Record<string, string>>;
  readonly replicas: readonly ReplicaFigures[];
  /** Undefined where the run failed before it asked. */
  readonly rewards: RewardEpochs | undefined;
  readonly serviceVersion: string;
}

export async function runReport(input: RunReportInput): Promise<ReportData> {
  const { parsed, directory, record, story, state, rowCount, digests, rewards, serviceVersion } = input;
  const { config, resolvedYaml } = parsed;
  const training = annotationCounts(directory.journal.totals, 'training');
  const evaluation = annotationCounts(directory.journal.totals, 'evaluation');
  return {
    schema: 'metaapo.report/1',
    runId: directory.runId,
    name: config.name,
    preset: config.preset,
    seed: config.seed,
    state: state === 'cancelling' ? 'cancelled' : state,
    serviceVersion,
    trainingReward: config.reward,
    judges: config.evaluation.judges,
    annotations: {
      used: training.paid,
      total: rowCount * config.algorithm.samples_per_prompt,
      fromLedger: training.fromLedger,
      evaluation: evaluation.paid,
    },
    ...story.report(training.paid + (config.budget.count_evaluation ? evaluation.paid : 0)),
    ...(rewards && { rewardModels: rewardModelsReport(rewards, directory.journal.totals) }),
    evaluations: record.evaluations,
    iterations: record.iterations,
    phases: await phaseLatencies(directory.journal),
    ...(input.replicas.length > 0 && { replicas: input.replicas }),
    configYaml: resolvedYaml,
    digests,
  };
}

/**
 * @file What a report says, as plain data: `report.json` of a run directory. The page `report.html` is drawn from this
 * alone.
 */

import type { GateEvent, LossReport, SpendingReport } from './losses-data.js';
import type { RewardModelsReport } from './reward-models-data.js';

/** One group of held-out prompts' results under one policy and one judge. */
export interface JudgedSamples {
  /** Name of the reward model that judged. */
  readonly judge: string;
  /** One score per held-out prompt, in prompt order; null where the judge failed. */
  readonly scores: readonly (number | null)[];
  /** Epoch that was asked; absent in reports of versions before epochs. */
  readonly epoch?: number;
  /** The model that judged: scores of different ones are not compared. */
  readonly weightsDigest?: string;
}

/** The same held-out prompts answered by one policy. */
export interface EvaluationSnapshot {
  /** `sft`, `warm-up`, `iteration-1`, … `final`. */
  readonly stage: string;
  readonly adapterDigest: string;
  readonly judged: readonly JudgedSamples[];
  /** What other models had said before these answers were judged again by those of the last evaluation. */
  readonly judgedThen?: readonly JudgedSamples[];
  /** Distinct n-grams over all n-grams of all responses, for n = 1, 2, 3; in [0, 1]. */
  readonly distinct: readonly [number, number, number];
  /** Mean number of new tokens. */
  readonly meanTokenCount: number;
  /** Share of responses that ended by the end token, in [0, 1]. */
  readonly endTokenRate: number;
  /** Mean over responses of log π(y|x) − log π_SFT(y|x), y drawn from π: an estimate of KL(π ‖ SFT), nats per response. */
  readonly klToSft: number;
  /** Mean negative log-likelihood per token of the responses under SFT, nats. */
  readonly nllUnderSft: number;
  /** The most frequent word that raises the training reward and the share of responses holding it; null if none. */
  readonly topWord: { readonly word: string; readonly share: number } | null;
  /** A few prompts with this policy's responses, the same prompts in every snapshot. */
  readonly examples: readonly { readonly prompt: string; readonly sampled: string; readonly greedy: string }[];
}

/** One row of the gate's view in one iteration. */
export interface GatePoint {
  readonly itemId: string;
  /** s, the meta-learner's input. */
  readonly score: number;
  readonly ellOff: number;
  readonly weight: number;
  readonly sampled: boolean;
  /** ℓ_on at the policy that scored; absent where the row was not sampled or its pair was dropped. */
  readonly ellOn?: number;
}

export interface IterationReport {
  readonly iteration: number;
  readonly promptCount: number;
  readonly sampledCount: number;
  /** Responses that the training reward was paid for; a text that was drawn twice counts once. */
  readonly annotationCount: number;
  /** Pairs that reached the loss. */
  readonly pairCount: number;
  readonly droppedTieCount: number;
  readonly droppedInvalidCount: number;
  /** Prompts that the gate chose and that were trained on with their offline pair under w = 1 instead. */
  readonly offlineCount?: number;
  readonly truncatedCount: number;
  readonly metaUpdateCount: number;
  readonly optimizerStepCount: number;
  readonly meanLoss: number;
  /** h_φ on a grid of s, at the end of the iteration. */
  readonly curve: readonly { readonly score: number; readonly weight: number }[];
  readonly gate: readonly GatePoint[];
}

/** Latency of the units of one phase. */
export interface PhaseLatency {
  readonly phase: string;
  readonly unitCount: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** Wall time of the phase over all iterations. */
  readonly wallMs: number;
}

/** What one policy replica did, and how far it is from the others. */
export interface ReplicaReport {
  readonly address: string;
  /** At the end. */
  readonly state: 'joining' | 'serving' | 'suspended' | 'refused';
  /** Units that it answered, of the last process that worked on the run. */
  readonly unitCount: number;
  /** Comparisons of its log-probabilities of the canary sequences with those of the others. */
  readonly checkCount: number;
  /** Largest difference, in nats; null where it was never compared. */
  readonly deltaMax: number | null;
}

export interface ReportData {
  readonly schema: 'metaapo.report/1';
  readonly runId: string;
  readonly name: string;
  readonly preset: string;
  readonly seed: number;
  readonly state: 'succeeded' | 'cancelled' | 'failed' | 'running';
  readonly serviceVersion: string;
  /** Name of the reward model that annotated. */
  readonly trainingReward: string;
  /** Names of the judges that never annotated. */
  readonly judges: readonly string[];
  readonly annotations: {
    /** Responses paid for in training. */
    readonly used: number;
    /** What sampling every prompt of every iteration would have cost. */
    readonly total: number;
    /** Answered from the ledger, not paid again. */
    readonly fromLedger: number;
    /** Responses scored for evaluation only. */
    readonly evaluation: number;
  };
  /** Absent in reports of versions before budgets. */
  readonly spending?: SpendingReport;
  /** In order; absent in reports of versions before budgets. */
  readonly gateEvents?: readonly GateEvent[];
  /** Absent in reports of versions before budgets. */
  readonly losses?: LossReport;
  /** Absent in reports of versions before epochs, and of a run that failed before it asked. */
  readonly rewardModels?: RewardModelsReport;
  readonly evaluations: readonly EvaluationSnapshot[];
  readonly iterations: readonly IterationReport[];
  readonly phases: readonly PhaseLatency[];
  /** Policy replicas; absent in reports of versions that did not tell. */
  readonly replicas?: readonly ReplicaReport[];
  /** The resolved configuration, as YAML. */
  readonly configYaml: string;
  /** Everything that has a digest, by name: config, data, base model, reward models, final adapter. */
  readonly digests: Readonly<Record<string, string>>;
}

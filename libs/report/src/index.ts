/** @file Reports: what they say as data, and the page drawn from it. */
export { parseReportData } from './parse-report-data.js';
export { renderReportHtml } from './render-report.js';
export type {
  ClosingReason,
  GateEvent,
  KeptAndLost,
  LossReport,
  SpendingForecast,
  SpendingReport,
} from './losses-data.js';
export type {
  EvaluationSnapshot,
  GatePoint,
  IterationReport,
  JudgedSamples,
  PhaseLatency,
  ReplicaReport,
  ReportData,
} from './report-data.js';
export type {
  EpochAnnotations,
  RewardEpochReport,
  RewardModelsReport,
  RewardSwapReport,
} from './reward-models-data.js';
export { ReportDataInvalidError } from './report.errors.js';
export {
  TOP_WORD_SHARE_ALARM,
  judgeNames,
  meanScore,
  scoresOf,
  summarize,
  type ReportSummary,
  type StageDifference,
} from './summary.js';

export { renderRewardTrainingHtml } from './reward-training/render-reward-training.js';
export {
  REWARD_TRAINING_FORMAT,
  type RewardHeldOutPair,
  type RewardTrainingData,
  type RewardTrainingStep,
} from './reward-training/reward-training-data.js';
export {
  rewardTrainingFigures,
  type RewardStage,
  type RewardTrainingFigures,
} from './reward-training/reward-training-figures.js';

// For sister packages.
export { count, duration, fixed, interval, money, percent, signed, stageName } from './markup/format.js';
export { pairedBootstrap, type PairedBootstrapOptions, type PairedDifference } from './statistics/bootstrap.js';

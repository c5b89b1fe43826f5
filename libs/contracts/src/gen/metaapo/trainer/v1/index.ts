// From proto/metaapo/trainer/v1

export type { CancelTrainingRunRequest, CancelTrainingRunRequest__Output } from './CancelTrainingRunRequest.js';
export type { CancelTrainingRunResponse, CancelTrainingRunResponse__Output } from './CancelTrainingRunResponse.js';
export type { ExplainPairRequest, ExplainPairRequest__Output } from './ExplainPairRequest.js';
export type { ExplainPairResponse, ExplainPairResponse__Output } from './ExplainPairResponse.js';
export type { GetTrainingRunRequest, GetTrainingRunRequest__Output } from './GetTrainingRunRequest.js';
export type { GetTrainingRunResponse, GetTrainingRunResponse__Output } from './GetTrainingRunResponse.js';
export type { ListTrainingRunsRequest, ListTrainingRunsRequest__Output } from './ListTrainingRunsRequest.js';
export type { ListTrainingRunsResponse, ListTrainingRunsResponse__Output } from './ListTrainingRunsResponse.js';
export type { Money, Money__Output } from './Money.js';
export type { PhaseEnded, PhaseEnded__Output } from './PhaseEnded.js';
export type { PhaseProgress, PhaseProgress__Output } from './PhaseProgress.js';
export type { PhaseStarted, PhaseStarted__Output } from './PhaseStarted.js';
export type { RunEnded, RunEnded__Output } from './RunEnded.js';
export type { RunFailure, RunFailure__Output } from './RunFailure.js';
export { RunState, type RunState__Output } from './RunState.js';
export type { StartTrainingRunRequest, StartTrainingRunRequest__Output } from './StartTrainingRunRequest.js';
export type { StartTrainingRunResponse, StartTrainingRunResponse__Output } from './StartTrainingRunResponse.js';
export type { TrainerServiceClient, TrainerServiceHandlers, TrainerServiceDefinition } from './TrainerService.js';
export type { TrainingRun, TrainingRun__Output } from './TrainingRun.js';
export type { WatchTrainingRunRequest, WatchTrainingRunRequest__Output } from './WatchTrainingRunRequest.js';
export type { WatchTrainingRunResponse, WatchTrainingRunResponse__Output } from './WatchTrainingRunResponse.js';

/** @file Preference losses, MetaAPO's weighting, the loss of reward models, and the float64 twins of all. */
export { pairLosses, type LossKind, type LossSettings, type PairLogProbs, type PairLoss } from './pair-loss.js';
export { metaInput } from './meta-input.js';
export { metaLearner, type MetaLearnerValues } from './meta-learner.js';
export { weightedLoss, type WeightedLoss, type WeightedPairs } from './weighted-loss.js';
export { bradleyTerry, type BradleyTerrySettings, type RewardPairs } from './bradley-terry.js';

// Plain numbers in float64: for whoever knows the log-probabilities already, and for tests.
export { bradleyTerryReference, type BradleyTerryResult, type RewardPairNumbers } from './bradley-terry.reference.js';
export { logSigmoidReference, sigmoidReference } from './log-sigmoid.reference.js';
export type { PairLogProbNumbers, PairLossReference } from './pair-loss.reference.js';
export { metaInputReference } from './meta-input.reference.js';
export { metaLearnerReference, type MetaLearnerNumbers } from './meta-learner.reference.js';
export { weightedLossReference, type WeightedRow, type WeightedRowResult } from './weighted-loss.reference.js';

// From proto/metaapo/trainer/v1/trainer.proto

import type { RowFate as _metaapo_trainer_v1_RowFate, RowFate__Output as _metaapo_trainer_v1_RowFate__Output } from '../../../metaapo/trainer/v1/RowFate.js';
import type { OfflinePair as _metaapo_trainer_v1_OfflinePair, OfflinePair__Output as _metaapo_trainer_v1_OfflinePair__Output } from '../../../metaapo/trainer/v1/OfflinePair.js';
import type { GateExplanation as _metaapo_trainer_v1_GateExplanation, GateExplanation__Output as _metaapo_trainer_v1_GateExplanation__Output } from '../../../metaapo/trainer/v1/GateExplanation.js';
import type { SampleExplanation as _metaapo_trainer_v1_SampleExplanation, SampleExplanation__Output as _metaapo_trainer_v1_SampleExplanation__Output } from '../../../metaapo/trainer/v1/SampleExplanation.js';
import type { PinnedRewardModel as _metaapo_trainer_v1_PinnedRewardModel, PinnedRewardModel__Output as _metaapo_trainer_v1_PinnedRewardModel__Output } from '../../../metaapo/trainer/v1/PinnedRewardModel.js';
import type { PairUse as _metaapo_trainer_v1_PairUse, PairUse__Output as _metaapo_trainer_v1_PairUse__Output } from '../../../metaapo/trainer/v1/PairUse.js';
import type { UnitTrace as _metaapo_trainer_v1_UnitTrace, UnitTrace__Output as _metaapo_trainer_v1_UnitTrace__Output } from '../../../metaapo/trainer/v1/UnitTrace.js';

/**
 * Tells where a training row came from, as far as the run has come.
 */
export interface PairExplanation {
  /**
   * Identifies the run.
   */
  'runId'?: (string);
  /**
   * Row id.
   */
  'itemId'?: (string);
  /**
   * Iteration that the row belongs to, from 0. Each row belongs to one.
   */
  'iteration'?: (number);
  /**
   * What became of the row.
   */
  'fate'?: (_metaapo_trainer_v1_RowFate);
  /**
   * Why, in UPPER_SNAKE as the report's table of lost prompts has it: of a lost row BUDGET_SPENT, TIME_SPENT or
   * ANNOTATOR_DOWN; of an invalid one the reason of its first annotation that failed, SAMPLES_EMPTY or NOT_GENERATED. Empty
   * otherwise.
   */
  'fateReason'?: (string);
  /**
   * The offline pair; absent where the data cannot be read, see `gaps`.
   */
  'offlinePair'?: (_metaapo_trainer_v1_OfflinePair | null);
  /**
   * The gate's view; absent where the row was not scored yet.
   */
  'gate'?: (_metaapo_trainer_v1_GateExplanation | null);
  /**
   * Fresh responses in order of index; none where the gate let the row pass.
   */
  'samples'?: (_metaapo_trainer_v1_SampleExplanation)[];
  /**
   * Reward model that the row's annotation was held to, or the one that its iteration began with where it was not annotated.
   * Absent of runs of versions before epochs.
   */
  'rewardModel'?: (_metaapo_trainer_v1_PinnedRewardModel | null);
  /**
   * True when the row was lost at first and annotated at the end of its iteration.
   */
  'backfilled'?: (boolean);
  /**
   * True when the row is trained on with its offline pair under w = 1, since it was not annotated.
   */
  'offlineOnly'?: (boolean);
  /**
   * Every optimizer step that saw the row, in order.
   */
  'uses'?: (_metaapo_trainer_v1_PairUse)[];
  /**
   * Units of work that held the row, in the order of phases.
   */
  'units'?: (_metaapo_trainer_v1_UnitTrace)[];
  /**
   * What cannot be told, and why, in sentences. Empty when all is there.
   */
  'gaps'?: (string)[];
  /**
   * True when the iteration began under another reward model, which no replica answered for any more when it was this row's
   * turn: all of the row's scores are of `reward_model`.
   */
  'moved'?: (boolean);
}

/**
 * Tells where a training row came from, as far as the run has come.
 */
export interface PairExplanation__Output {
  /**
   * Identifies the run.
   */
  'runId': (string);
  /**
   * Row id.
   */
  'itemId': (string);
  /**
   * Iteration that the row belongs to, from 0. Each row belongs to one.
   */
  'iteration': (number);
  /**
   * What became of the row.
   */
  'fate': (_metaapo_trainer_v1_RowFate__Output);
  /**
   * Why, in UPPER_SNAKE as the report's table of lost prompts has it: of a lost row BUDGET_SPENT, TIME_SPENT or
   * ANNOTATOR_DOWN; of an invalid one the reason of its first annotation that failed, SAMPLES_EMPTY or NOT_GENERATED. Empty
   * otherwise.
   */
  'fateReason': (string);
  /**
   * The offline pair; absent where the data cannot be read, see `gaps`.
   */
  'offlinePair': (_metaapo_trainer_v1_OfflinePair__Output | null);
  /**
   * The gate's view; absent where the row was not scored yet.
   */
  'gate': (_metaapo_trainer_v1_GateExplanation__Output | null);
  /**
   * Fresh responses in order of index; none where the gate let the row pass.
   */
  'samples': (_metaapo_trainer_v1_SampleExplanation__Output)[];
  /**
   * Reward model that the row's annotation was held to, or the one that its iteration began with where it was not annotated.
   * Absent of runs of versions before epochs.
   */
  'rewardModel': (_metaapo_trainer_v1_PinnedRewardModel__Output | null);
  /**
   * True when the row was lost at first and annotated at the end of its iteration.
   */
  'backfilled': (boolean);
  /**
   * True when the row is trained on with its offline pair under w = 1, since it was not annotated.
   */
  'offlineOnly': (boolean);
  /**
   * Every optimizer step that saw the row, in order.
   */
  'uses': (_metaapo_trainer_v1_PairUse__Output)[];
  /**
   * Units of work that held the row, in the order of phases.
   */
  'units': (_metaapo_trainer_v1_UnitTrace__Output)[];
  /**
   * What cannot be told, and why, in sentences. Empty when all is there.
   */
  'gaps': (string)[];
  /**
   * True when the iteration began under another reward model, which no replica answered for any more when it was this row's
   * turn: all of the row's scores are of `reward_model`.
   */
  'moved': (boolean);
}

/**
 * @file What a run does when another model is put behind the name of a reward while it goes on.
 *
 * Not part of the configuration's digest: a run whose model is no longer served may go on under another policy. What was
 * decided stays in the run's journal. A pair is never made of two models' scores, and an iteration is annotated by one.
 */
import { oneOf } from './fields.js';

/**
 * What a promotion or rollback of a reward model in mid-run means for the run:
 *
 * - `pin`: nothing. Every unit asks for the models that the run began with, the training reward and the judges; when no
 *   replica answers for one any more, the run stops by name (`REWARD_EPOCH_GONE`) and can be started again with another
 *   policy.
 * - `follow`: each iteration asks for what is in service when it begins, and so do the evaluations after it. Evaluations
 *   under different models are told apart in the report, and not compared.
 * - `rescore`: as `follow`; and after the last evaluation, the answers of every earlier one that another model had judged are
 *   judged once more by the last model, so that before and after are compared under one. That costs annotations of the
 *   kind that evaluations cost.
 *
 * Default `pin`.
 */
export const rewardSwaps = oneOf('pin', 'follow', 'rescore').default('pin');

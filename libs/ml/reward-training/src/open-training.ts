/** @file Everything a training needs before its first step: base, folder, pairs, what is trained, and where it stands. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#core';
import { RewardTrainer } from '#ml/engine';
import { openBase, prepareFolder, type BaseModel, type ServedFolder } from './base-model.js';
import { readPairs, type ReadPairs } from './read-pairs.js';
import type { RewardTrainingSettings } from './settings.js';
import type { StepParts } from './train-step.js';
import { trainedAtStart, type TrainedAtStart } from './trained-tensors.js';
import type { TrainingControl } from './training-control.js';
import { TrainingPlan } from './training-plan.js';
import { optimizerOf, readState, type TrainingInputs, type TrainingState } from './training-state.js';
import { PREPARED_FOLDER } from './write-result.js';

export interface RewardTrainingJob {
  /** Holds the checkpoint, `model/` and `adapter/`; nobody else may work in it. */
  readonly runDirectory: string;
  readonly settings: RewardTrainingSettings;
  /** Names the settings, as the caller knows them. */
  readonly settingsDigest: string;
}

/** A training, all but where it stands. */
export interface Training extends StepParts, ServedFolder {
  readonly job: RewardTrainingJob;
  readonly base: BaseModel;
  readonly spec: TrainedAtStart['spec'];
  readonly read: ReadPairs;
  readonly tokensMax: number;
  readonly inputs: TrainingInputs;
  /** Time of work so far, in this process and those before. */
  readonly workMs: () => number;
}

export interface OpenedTraining {
  readonly training: Training;
  readonly state: TrainingState;
}

/** @throws the refusals of model, data and settings; TrainingInputsChangedError, TrainingCheckpointDamagedError */
export async function openTraining(
  job: RewardTrainingJob,
  control: TrainingControl,
  clock: Clock,
): Promise<OpenedTraining> {
  const { runDirectory, settings } = job;
  const startMs = clock.monotonicMs();
  await mkdir(runDirectory, { recursive: true });
  const base = await openBase(settings.model.path);
  const served = await prepareFolder(join(runDirectory, PREPARED_FOLDER), settings.model, base.config);
  const tokensMax = Math.min(settings.data.tokensMax ?? Infinity, base.config.contextTokensMax);
  const { tokenizer, padToken } = served;
  const read = await readPairs(settings, { tokenizer, padTokenId: padToken.id, tokensMax });
  tell(read, control);
  const { spec, trained } = trainedAtStart(base, settings);
  const optimizer = optimizerOf(settings.optimizer);
  const inputs = inputsOf(job, { base, served, read });
  const kept = await readState(runDirectory, trained.keys(), { inputs, optimizer });
  const plan = new TrainingPlan(settings, read.train.length);
  if (kept) control.note(`going on after step ${kept.steps.length} of ${plan.stepCount}`);
  const state = kept ?? { trained, optimizer: optimizer.init(trained), steps: [], before: null, workMs: 0 };
  const trainer = await RewardTrainer.open({
    config: base.config,
    backbone: base.backbone,
    spec,
    centerRewardsCoefficient: settings.centerRewardsCoefficient,
    intraOpThreads: settings.threads,
  });
  const workMs = () => state.workMs + clock.monotonicMs() - startMs;
  const { clip } = settings.optimizer;
  const training = { ...served, job, base, spec, read, tokensMax, inputs, workMs, trainer, plan, optimizer, clip };
  return { training: { ...training, pairs: read.train }, state };
}

/** The names under which a change is told. */
function inputsOf(
  { settingsDigest }: RewardTrainingJob,
  { base, served, read }: { readonly base: BaseModel; readonly served: ServedFolder; readonly read: ReadPairs },
): TrainingInputs {
  return {
    configuration: settingsDigest,
    'base model': base.digest,
    tokenizer: served.tokenizer.tokenizerDigest,
    'chat template': served.tokenizer.templateDigest ?? '',
    'training data': read.trainDigest,
    'held-out data': read.heldOutDigest ?? '',
  };
}

/** What was left out, and whether the held-out pairs were seen. */
function tell({ counts, overlap }: ReadPairs, control: TrainingControl): void {
  control.note(`${counts.trainPairs} pairs to train on, ${counts.heldOutPairs} held out`);
  const left = { 'bad rows': counts.badRows, 'pairs that are too long': counts.tooLong };
  const others = { 'pairs that read the same twice': counts.same, 'pairs that cannot be rendered': counts.unusable };
  for (const [what, count] of Object.entries({ ...left, ...others })) {
    if (count > 0) control.note(`left out: ${count} ${what}`);
  }
  const { promptCount, pairCount } = overlap;
  if (promptCount === 0) return;
  control.note(
    `warning: the prompts of ${promptCount} held-out pairs are trained on, ${pairCount} of them with the same responses: ` +
      'the accuracy on them says little',
  );
}

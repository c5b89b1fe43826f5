/** @file Models as callers are told of them. */
import { present } from '#core';
import type { LoadedModel } from '../loaded-model.js';
import { provenanceOf } from '../provenance.js';
import type { NamedModels, ServedModel } from '../reward-registry.js';
import type { ModelState, ModelView } from './name-state.js';
import { liveEpoch, stagedOf, type ModelDigests } from './slots.js';

interface Named {
  readonly rewardModel: string;
  readonly serviceVersion: string;
}

export function viewOf(
  { description }: LoadedModel,
  state: ModelState,
  name: Named & { readonly epoch: number },
): ModelView {
  const { scoreMin, scoreMax } = description;
  return {
    state,
    provenance: provenanceOf(name, description),
    ...(scoreMin !== undefined && { scoreMin }),
    ...(scoreMax !== undefined && { scoreMax }),
  };
}

/** @param live epoch in service */
export function servedView({ loaded, provenance }: ServedModel, live: number): ModelView {
  return viewOf(loaded, provenance.epoch === live ? 'promoted' : 'superseded', provenance);
}

/** The model in service of some slots. */
export function liveView({ slots, models }: NamedModels, serviceVersion: string): ModelView {
  const { epoch, model } = liveEpoch(slots);
  const { rewardModel } = slots;
  return viewOf(present(models.get(model), 'the live model'), 'promoted', { rewardModel, epoch, serviceVersion });
}

/** The staged model of some slots. @throws RewardModelNotStagedError (`REWARD_MODEL_NOT_STAGED`) */
export function stagedView({ slots, models }: NamedModels, serviceVersion: string): ModelView {
  const { model, shadow } = stagedOf(slots);
  const { rewardModel } = slots;
  const state = shadow ? 'shadowing' : 'staged';
  return viewOf(present(models.get(model), 'the staged model'), state, { rewardModel, epoch: 0, serviceVersion });
}

export function digestsOf({ description }: LoadedModel): ModelDigests {
  const { weightsDigest, tokenizerDigest = '', templateDigest = '' } = description;
  return { weightsDigest, tokenizerDigest, templateDigest };
}

export function sameDigests(a: ModelDigests, b: ModelDigests): boolean {
  return (
    a.weightsDigest === b.weightsDigest &&
    a.tokenizerDigest === b.tokenizerDigest &&
    a.templateDigest === b.templateDigest
  );
}

/** @file Binds the façades to the service; `http-port.ts` opens their port. */
import type { Provider } from '@nestjs/common';
import { RewardModelUnknownError } from '../domain/reward.errors.js';
import { FacadeAnnotator, type FacadeServices } from './facade-annotator.js';
import { OpenInference } from './open-inference/open-inference.js';

/** @throws RewardModelUnknownError (`REWARD_MODEL_UNKNOWN`) when the default is none of the models */
export function facadeProviders(services: FacadeServices): Provider[] {
  const { defaultRewardModel } = services;
  const known = services.rewardModels();
  if (defaultRewardModel !== undefined && !known.includes(defaultRewardModel)) {
    throw new RewardModelUnknownError(defaultRewardModel, known, 'REWARD_HTTP_MODEL');
  }
  const annotator = new FacadeAnnotator(services);
  return [
    { provide: FacadeAnnotator, useValue: annotator },
    { provide: OpenInference, useValue: new OpenInference(annotator) },
  ];
}

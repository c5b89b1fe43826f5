/** @file For tests: the service behind the façades, with a model that is worth the length of the response. */
import { ClientBatchTooLargeError } from '../../domain/admission.errors.js';
import type { AnnotateResult } from '../../domain/annotator.js';
import type { Provenance } from '../../domain/provenance.js';
import type { ScoreOutcome } from '../../domain/reward-backend.js';
import {
  RewardBackendTimeoutError,
  RewardEpochMismatchError,
  RewardModelUnknownError,
} from '../../domain/reward.errors.js';
import { promptText, scoreRequest } from '../../domain/score-request.js';
import type { AnnotateCall, FacadeServices } from '../facade-annotator.js';

export const LENGTH_PROVENANCE: Provenance = {
  rewardModel: 'length',
  epoch: 3,
  weightsDigest: `sha256:${'ab'.repeat(32)}`,
  tokenizerDigest: '',
  templateDigest: '',
  backend: 'length',
  executionProvider: 'javascript',
  dtype: 'float64',
  serviceVersion: '0.0.0-test',
  truncation: '',
};

/** Every call that it was asked, as it was asked. */
export interface LengthServices extends FacadeServices {
  readonly calls: AnnotateCall[];
}

const BATCH_SIZE_MAX = 1000;

/** A response `timeout` never gets a score; one call may bring a thousand. */
export function lengthServices({
  names = ['length', 'other'],
  defaultRewardModel,
}: { names?: readonly string[]; defaultRewardModel?: string } = {}): LengthServices {
  const calls: AnnotateCall[] = [];
  const provenanceOf = (rewardModel: string, epoch: string): Provenance => {
    if (!names.includes(rewardModel)) throw new RewardModelUnknownError(rewardModel, names);
    if (epoch !== '0' && epoch !== '3') throw new RewardEpochMismatchError(rewardModel, epoch, 3);
    return { ...LENGTH_PROVENANCE, rewardModel };
  };
  return {
    calls,
    defaultRewardModel,
    checkBatch: (count) => {
      if (count > BATCH_SIZE_MAX) throw new ClientBatchTooLargeError(count, BATCH_SIZE_MAX);
    },
    provenanceOf,
    rewardModels: () => names,
    annotate: async (call) => {
      calls.push(call);
      const provenance = provenanceOf(call.rewardModel, call.epoch);
      return { items: call.items.map(annotated), provenance, queueMs: 1.5, tokenizeMs: 0.25, computeMs: 2 };
    },
  };
}

function annotated({ itemId, prompt, responses }: AnnotateCall['items'][number]): AnnotateResult['items'][number] {
  const text = promptText(prompt, 'length');
  if (!text.ok) return { itemId, ok: false, error: text.error };
  const annotations = responses.map((response): ScoreOutcome => {
    const request = scoreRequest(text.value, response, 'length');
    if (!request.ok) return request;
    if (request.value.response === 'timeout') {
      return { ok: false, error: new RewardBackendTimeoutError('length', 1) };
    }
    return { ok: true, score: request.value.response.length, components: { words: 1 } };
  });
  return { itemId, ok: true, annotations };
}

/** @file The Open Inference Protocol over reward models: what its calls mean here. */
import type {
  InferParameter,
  ModelInferRequest__Output,
  ModelInferResponse,
  ModelMetadataResponse,
  ServerMetadataResponse,
} from '#contracts';
import { AppError } from '#core';
import type { Provenance } from '../../domain/provenance.js';
import { allScores, type FacadeAnnotator, type FacadeOutcome } from '../facade-annotator.js';
import { provenanceBody } from '../facade-reply.js';
import { TensorsInvalidError } from '../facade.errors.js';
import { readInputs } from './infer-inputs.js';
import { inferOutputs, representable } from './infer-outputs.js';
import { outputNamesOf, scoreDatatypeOf, textOptionsOf } from './infer-parameters.js';

interface ModelName {
  readonly name: string;
  /** Empty means the epoch in service. */
  readonly version: string;
}

/** Text and numbers that the protocol knows a caller's repetition by. */
export interface InferCaller {
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export class OpenInference {
  constructor(private readonly annotator: FacadeAnnotator) {}

  serverMetadata(version: string): ServerMetadataResponse {
    return { name: 'metaapo-reward', version, extensions: [] };
  }

  /** False for a model or a version that is not there; what else goes wrong is thrown. */
  isReady(model: ModelName): boolean {
    try {
      this.provenanceOf(model);
      return true;
    } catch (thrown) {
      if (thrown instanceof AppError && NOT_THERE.has(thrown.code)) return false;
      throw thrown;
    }
  }

  /** @throws RewardModelUnknownError, RewardEpochMismatchError, TensorsInvalidError */
  modelMetadata(model: ModelName): ModelMetadataResponse {
    const provenance = this.provenanceOf(model);
    return {
      name: provenance.rewardModel,
      versions: [String(provenance.epoch)],
      platform: `metaapo_${provenance.backend}`,
      inputs: ['prompt', 'response'].map((name) => ({ name, datatype: 'BYTES', shape: [-1] })),
      outputs: [{ name: 'score', datatype: 'FP64', shape: [-1] }],
      properties: Object.fromEntries(
        Object.entries(provenanceBody(provenance)).map(([name, value]) => [name, String(value)]),
      ),
    };
  }

  /** @throws what `RewardService.Annotate` throws, and TensorsInvalidError, ItemsRefusedError, ItemsFailedError */
  async infer(request: ModelInferRequest__Output, { requestId, signal }: InferCaller): Promise<ModelInferResponse> {
    const { modelName: rewardModel, modelVersion, id } = request;
    const epoch = epochOf(modelVersion);
    const { items, shape } = readInputs(request, textOptionsOf(request), this.annotator.services.checkBatch);
    const names = outputNamesOf(request);
    const scoreDatatype = scoreDatatypeOf(request);
    const call = { requestId, rewardModel, epoch, items };
    const result = names.includes('index')
      ? await this.annotator.outcomes(call, signal)
      : await this.annotator.scores(call, signal);
    const outcomes = result.outcomes.map((outcome) => representable(outcome, rewardModel, scoreDatatype));
    if (!names.includes('index')) allScores(call, outcomes);
    const isRaw = request.rawInputContents.length > 0;
    return {
      modelName: result.provenance.rewardModel,
      modelVersion: String(result.provenance.epoch),
      id,
      parameters: { ...provenanceParameters(result.provenance), ...timingParameters(result) },
      ...inferOutputs(outcomes, { names, scoreDatatype, shape, isRaw }),
    };
  }

  private provenanceOf({ name, version }: ModelName): Provenance {
    return this.annotator.services.provenanceOf(name, epochOf(version));
  }
}

const NOT_THERE: ReadonlySet<string> = new Set(['REWARD_MODEL_UNKNOWN', 'REWARD_EPOCH_MISMATCH']);

function epochOf(version: string): string {
  if (version === '') return '0';
  if (/^[1-9]\d{0,17}$/.test(version)) return version;
  throw new TensorsInvalidError('model_version', 'an epoch, a whole number from 1', JSON.stringify(version));
}

/** In whole microseconds: clients of older versions of the protocol know no other numbers. */
function timingParameters({ queueMs, tokenizeMs, computeMs }: FacadeOutcome): Record<string, InferParameter> {
  const timesMs = { queue_us: queueMs, tokenize_us: tokenizeMs, compute_us: computeMs };
  return Object.fromEntries(
    Object.entries(timesMs).map(([name, timeMs]) => [name, { int64Param: Math.round(timeMs * 1000) }]),
  );
}

function provenanceParameters(provenance: Provenance): Record<string, InferParameter> {
  const entries = Object.entries(provenanceBody(provenance)).map(([name, value]): [string, InferParameter] => [
    name,
    typeof value === 'number' ? { int64Param: value } : { stringParam: value },
  ]);
  return Object.fromEntries(entries);
}

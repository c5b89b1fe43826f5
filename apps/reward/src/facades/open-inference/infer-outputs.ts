/** @file The outputs of `ModelInfer`: from scores to tensors, typed or raw. */
import type { ModelInferResponse } from '#contracts';
import type { ScoreOutcome } from '../../domain/reward-backend.js';
import { RewardNotFiniteError } from '../../domain/reward.errors.js';
import { rawBytes, rawDoubles, rawFloats, rawLongs } from './tensor-bytes.js';

export const OUTPUT_NAMES = ['score', 'index', 'status'] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

export type ScoreDatatype = 'FP64' | 'FP32';

type OutputTensor = NonNullable<ModelInferResponse['outputs']>[number];
type Contents = NonNullable<OutputTensor['contents']>;

/** An output, and its elements in both forms. */
interface Output {
  readonly tensor: Pick<OutputTensor, 'name' | 'datatype' | 'shape'>;
  readonly contents: Contents;
  readonly raw: () => Buffer;
}

export interface OutputOptions {
  readonly names: readonly OutputName[];
  readonly scoreDatatype: ScoreDatatype;
  /** Of outputs with an element for each item. */
  readonly shape: readonly number[];
  /** As the inputs came, since clients read the form that they write. */
  readonly isRaw: boolean;
}

/** Where `index` is asked for, what was scored; otherwise all, none missing. */
export function inferOutputs(
  outcomes: readonly ScoreOutcome[],
  options: OutputOptions,
): Pick<ModelInferResponse, 'outputs' | 'rawOutputContents'> {
  const outputs = options.names.map((name) => outputOf(name, outcomes, options));
  if (!options.isRaw) return { outputs: outputs.map(({ tensor, contents }) => ({ ...tensor, contents })) };
  return { outputs: outputs.map(({ tensor }) => tensor), rawOutputContents: outputs.map(({ raw }) => raw()) };
}

function outputOf(name: OutputName, outcomes: readonly ScoreOutcome[], options: OutputOptions): Output {
  const scored = outcomes.flatMap((outcome, index) => (outcome.ok ? [{ index, score: outcome.score }] : []));
  const shape = options.names.includes('index') && name !== 'status' ? [scored.length] : [...options.shape];
  switch (name) {
    case 'score': {
      const values = scored.map(({ score }) => score);
      return options.scoreDatatype === 'FP32'
        ? {
            tensor: { name, datatype: 'FP32', shape },
            contents: { fp32Contents: values },
            raw: () => rawFloats(values),
          }
        : {
            tensor: { name, datatype: 'FP64', shape },
            contents: { fp64Contents: values },
            raw: () => rawDoubles(values),
          };
    }
    case 'index': {
      const values = scored.map(({ index }) => index);
      return {
        tensor: { name, datatype: 'INT64', shape },
        contents: { int64Contents: values },
        raw: () => rawLongs(values),
      };
    }
    case 'status': {
      const values = outcomes.map((outcome) => Buffer.from(statusOf(outcome)));
      return {
        tensor: { name, datatype: 'BYTES', shape },
        contents: { bytesContents: values },
        raw: () => rawBytes(values),
      };
    }
    default:
      return name satisfies never;
  }
}

const statusOf = (outcome: ScoreOutcome): string =>
  outcome.ok ? 'OK' : `${outcome.error.code}: ${outcome.error.message}`;

/** A score that FP32 makes infinite is none. */
export function representable(outcome: ScoreOutcome, rewardModel: string, datatype: ScoreDatatype): ScoreOutcome {
  if (!outcome.ok || datatype === 'FP64' || Number.isFinite(Math.fround(outcome.score))) return outcome;
  return { ok: false, error: new RewardNotFiniteError(rewardModel, 'score in FP32', Math.fround(outcome.score)) };
}

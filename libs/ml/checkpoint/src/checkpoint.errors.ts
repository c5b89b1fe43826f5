/** @file Why a model folder is refused: it is broken, or it asks for something that we would compute wrongly. */
import { AppError, type ErrorFacts } from '#core';

/** Thrown when a model folder has no config.json. Maps to NOT_FOUND. */
export class ModelConfigMissingError extends AppError {
  readonly code = 'MODEL_CONFIG_MISSING';
  readonly status = 'NOT_FOUND';

  constructor(path: string, cause?: unknown) {
    super(
      `${path} is missing: expected a GGUF file, or a Hugging Face model folder with config.json and model.safetensors`,
      {
        facts: { path },
        cause,
      },
    );
  }
}

/** Thrown when config.json contradicts itself or lacks a field. Maps to INVALID_ARGUMENT. */
export class ModelConfigInvalidError extends AppError {
  readonly code = 'MODEL_CONFIG_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, problem: string, cause?: unknown) {
    super(`${path}: ${problem}`, { facts: { path }, ...(cause === undefined ? {} : { cause }) });
  }
}

/** A model that is well-formed, but not one that we compute. Maps to UNIMPLEMENTED. */
abstract class UnsupportedError extends AppError {
  readonly status = 'UNIMPLEMENTED';

  constructor(where: string, got: string, supported: string, facts: ErrorFacts) {
    super(`${where}: ${got}; supported: ${supported}`, { facts: { where, ...facts } });
  }
}

/** Thrown for a model family without an implementation here. */
export class ArchitectureUnsupportedError extends UnsupportedError {
  readonly code = 'ARCHITECTURE_UNSUPPORTED';

  constructor(where: string, architecture: string, supported: readonly string[]) {
    super(where, `architecture ${architecture}`, supported.join(', '), { architecture });
  }
}

/** Thrown for a feed-forward activation other than the family's own. */
export class ActivationUnsupportedError extends UnsupportedError {
  readonly code = 'ACTIVATION_UNSUPPORTED';

  constructor(where: string, activation: string, supported: string) {
    super(where, `activation ${activation}`, supported, { activation });
  }
}

/** Thrown for a rotary position embedding that is not computed here, or not in this family. */
export class RopeTypeUnsupportedError extends UnsupportedError {
  readonly code = 'ROPE_TYPE_UNSUPPORTED';

  constructor(where: string, ropeType: string, supported: readonly string[]) {
    super(where, `rotary embedding of type ${ropeType}`, supported.join(', '), { ropeType });
  }
}

/** Thrown for any other setting that changes the computation in a way not implemented. */
export class FeatureUnsupportedError extends UnsupportedError {
  readonly code = 'FEATURE_UNSUPPORTED';

  constructor(where: string, feature: string, supported: string) {
    super(where, feature, supported, { feature });
  }
}

/** Thrown when the weights lack a tensor that the config promises. Maps to INVALID_ARGUMENT. */
export class TensorMissingError extends AppError {
  readonly code = 'TENSOR_MISSING';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, tensorNames: readonly string[]) {
    const [first = ''] = tensorNames;
    const more = tensorNames.length > 1 ? ` and ${tensorNames.length - 1} more` : '';
    super(`${where}: tensor ${first}${more} is missing`, { facts: { where, tensorName: first } });
  }
}

/** Thrown when the weights hold a tensor that the config does not explain; ignoring it would change the model. */
export class TensorUnexpectedError extends AppError {
  readonly code = 'TENSOR_UNEXPECTED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, tensorNames: readonly string[]) {
    const [first = ''] = tensorNames;
    const more = tensorNames.length > 1 ? ` and ${tensorNames.length - 1} more` : '';
    super(`${where}: tensor ${first}${more} belongs to no part of the model that config.json describes`, {
      facts: { where, tensorName: first },
    });
  }
}

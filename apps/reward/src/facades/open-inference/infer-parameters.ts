/** @file The parameters of `ModelInfer` and the outputs that it asks for. */
import type { InferParameter__Output, ModelInferRequest__Output } from '#contracts';
import { CHAT_CHOICES, type ChatChoice } from '../chat-formats.js';
import { TensorsInvalidError } from '../facade.errors.js';
import { refuseSharedMemory, type InferTextOptions } from './infer-inputs.js';
import { OUTPUT_NAMES, type OutputName, type ScoreDatatype } from './infer-outputs.js';

type Parameters = Readonly<Record<string, InferParameter__Output>>;

/** @throws TensorsInvalidError (`TENSORS_INVALID`) */
export function textOptionsOf({ parameters, inputs }: ModelInferRequest__Output): InferTextOptions {
  refuseSequences(parameters);
  const rendered = inputs.some(({ name }) => name === 'text');
  const chat = textOf(parameters, 'chat_format', CHAT_CHOICES) ?? (rendered ? 'auto' : 'none');
  const unsplit = textOf(parameters, 'unsplit', ['refuse', 'whole'] as const) ?? 'refuse';
  return { chat: chat satisfies ChatChoice, unsplit, trim: [], truncated: flagOf(parameters, 'truncated') };
}

/** @throws TensorsInvalidError (`TENSORS_INVALID`) */
export function scoreDatatypeOf({ parameters }: ModelInferRequest__Output): ScoreDatatype {
  return textOf(parameters, 'score_datatype', ['FP64', 'FP32'] as const) ?? 'FP64';
}

/** @throws TensorsInvalidError (`TENSORS_INVALID`) */
export function outputNamesOf({ outputs }: ModelInferRequest__Output): readonly OutputName[] {
  if (outputs.length === 0) return ['score'];
  return [...new Set(outputs.map(outputNameOf))];
}

function outputNameOf({ name, parameters }: ModelInferRequest__Output['outputs'][number]): OutputName {
  const field = `outputs ${name}`;
  const known = OUTPUT_NAMES.find((one) => one === name);
  if (known === undefined) throw new TensorsInvalidError('outputs', OUTPUT_NAMES.join(', '), JSON.stringify(name));
  refuseSharedMemory(parameters, field);
  if (parameters['classification'])
    throw new TensorsInvalidError(field, 'plain scores', 'the parameter classification');
  return known;
}

function refuseSequences(parameters: Parameters): void {
  if (!parameters['sequence_id']) return;
  throw new TensorsInvalidError('parameters', 'a request of its own: scores have no state', 'sequence_id');
}

function textOf<T extends string>(parameters: Parameters, name: string, choices: readonly T[]): T | undefined {
  const parameter = parameters[name];
  if (!parameter) return undefined;
  const choice = choices.find((one) => one === parameter.stringParam);
  if (choice !== undefined) return choice;
  throw new TensorsInvalidError(
    `parameters ${name}`,
    `one of ${choices.join(', ')}`,
    JSON.stringify(valueOf(parameter)),
  );
}

function flagOf(parameters: Parameters, name: string): boolean {
  const parameter = parameters[name];
  if (!parameter) return false;
  if (parameter.parameterChoice === 'boolParam') return parameter.boolParam === true;
  throw new TensorsInvalidError(`parameters ${name}`, 'true or false', JSON.stringify(valueOf(parameter)));
}

function valueOf({ parameterChoice, ...values }: InferParameter__Output): unknown {
  return parameterChoice === undefined ? null : values[parameterChoice];
}

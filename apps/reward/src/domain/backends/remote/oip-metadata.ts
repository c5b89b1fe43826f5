/** @file What a server of the Open Inference Protocol says of its model's tensors, against what is configured. */
import { RewardModelBrokenError } from '../../reward.errors.js';
import { dtypeOf, isNumberType, NUMBER_TYPES } from './oip-numbers.js';
import type { OipSpec } from './remote-spec.js';

/** As the contract's message has it; only what is read here. */
export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly string[];
}

/** The inputs that are filled: one with everything, or one with each text. */
export function inputNames({ prompt_input, response_input, text_input }: OipSpec): Readonly<Record<string, string>> & {
  readonly prompt: string;
  readonly response: string;
} {
  if (text_input !== undefined) return { prompt: text_input, response: text_input };
  return { prompt: prompt_input ?? 'prompt', response: response_input ?? 'response' };
}

export const outputName = ({ output }: OipSpec): string => output ?? 'score';

/** Axes of the inputs. @throws RewardModelBrokenError where they are not what is configured */
export function inputRank(rewardModel: string, spec: OipSpec, inputs: readonly TensorMetadata[]): 1 | 2 {
  const names = Object.values(inputNames(spec));
  const ranks = names.map((name) => {
    const input = inputs.find((one) => one.name === name);
    // Some servers describe nothing; then the first reply tells.
    if (!input) return inputs.length === 0 ? 1 : 0;
    return input.datatype === 'BYTES' ? input.shape.length : 0;
  });
  const [rank] = ranks;
  if (ranks.every((one) => one === rank) && (rank === 1 || rank === 2)) return rank;
  const got = inputs.map(({ name, datatype, shape }) => `${name} ${datatype}[${shape.join(', ')}]`).join('; ');
  throw new RewardModelBrokenError(
    rewardModel,
    `expected ${spec.model} to have the inputs ${names.join(', ')} as BYTES of one or two axes, it has ${got || 'none'}; see "prompt_input", "response_input", "text_input"`,
  );
}

/**
 * Type of the output, as provenance names it; `unknown` where the server does not tell.
 *
 * @throws RewardModelBrokenError where it is not what is configured, or no number
 */
export function outputType(rewardModel: string, spec: OipSpec, outputs: readonly TensorMetadata[]): string {
  const output = outputs.find(({ name }) => name === outputName(spec));
  if (output && isNumberType(output.datatype)) return dtypeOf(output.datatype);
  if (outputs.length === 0) return 'unknown';
  const got = outputs.map(({ name, datatype }) => `${name} ${datatype}`).join(', ');
  throw new RewardModelBrokenError(
    rewardModel,
    `expected ${spec.model} to have the output ${outputName(spec)} as numbers (${NUMBER_TYPES.join(', ')}), it has ${got}; see "output"`,
  );
}

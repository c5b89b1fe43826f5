/** @file Tensors of the Open Inference Protocol: texts in, numbers out, in either of the forms that servers send. */
import { isNumberType, NUMBER_TYPES, rawNumbers, typedNumbers, type TensorContents } from './oip-numbers.js';

/** As the contract's messages have them; only what is read here. */
export interface OutputTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly (string | number)[];
  readonly contents: TensorContents | null;
}

/** As the contract's message has it; only what is read here. */
export interface Outputs {
  readonly outputs: readonly OutputTensor[];
  readonly rawOutputContents: readonly Uint8Array[];
}

export interface InputTensor {
  readonly name: string;
  readonly datatype: 'BYTES';
  readonly shape: string[];
  readonly contents: { readonly bytesContents: Buffer[] };
}

/** Texts as a tensor of one axis, or of two where the model has a batch axis and one element in each row. */
export function textTensor(name: string, texts: readonly string[], rank: 1 | 2): InputTensor {
  const rows = String(texts.length);
  return {
    name,
    datatype: 'BYTES',
    shape: rank === 1 ? [rows] : [rows, '1'],
    contents: { bytesContents: texts.map((text) => Buffer.from(text, 'utf8')) },
  };
}

/** The numbers of the output of this name, or what is wrong with the reply. */
export function numbersOf(reply: Outputs, name: string): number[] | string {
  const { outputs } = reply;
  const place = outputs.findIndex((output) => output.name === name);
  const tensor = outputs[place];
  if (!tensor) return `expected an output ${name}, got ${outputs.map((output) => output.name).join(', ') || 'none'}`;
  const { datatype, shape, contents } = tensor;
  if (!isNumberType(datatype)) {
    return `expected numbers as ${name} (${NUMBER_TYPES.join(', ')}), got ${datatype || 'no type'}`;
  }
  const raw = rawContents(reply, place);
  const values = raw === undefined ? typedNumbers(contents, datatype) : rawNumbers(raw, datatype);
  if (typeof values === 'string') return values;
  const count = shape.reduce<number>((product, size) => product * Number(size), 1);
  if (values.length === count) return values;
  return `expected ${count} numbers, as the shape [${shape.join(', ')}] of ${name} says, got ${values.length}`;
}

/**
 * The bytes of an output, where they stand beside the tensors: one entry for each output, or only for those that have no
 * contents of their own.
 */
function rawContents({ outputs, rawOutputContents: raws }: Outputs, place: number): Uint8Array | undefined {
  const isTyped = (output: OutputTensor | undefined): boolean =>
    Object.values(output?.contents ?? {}).some((elements: readonly unknown[]) => elements.length > 0);
  const own = raws.length === outputs.length ? raws[place] : undefined;
  if (own !== undefined && own.length > 0) return own;
  if (isTyped(outputs[place])) return undefined;
  return own ?? raws[outputs.slice(0, place).filter((output) => !isTyped(output)).length];
}

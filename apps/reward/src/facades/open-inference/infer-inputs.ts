/** @file The inputs of `ModelInfer`: from tensors to prompts with responses. */
import type { ModelInferRequest__Output } from '#contracts';
import { messageOf, parseForeignJson } from '#core';
import { chatMessages } from '../chat-bodies.js';
import { TensorsInvalidError } from '../facade.errors.js';
import type { FacadeItem } from '../facade-annotator.js';
import type { BatchCheck } from '../facade.js';
import type { FacadeOptions } from '../facade-options.js';
import { readMessages, readPair, readWhole, type ReadItem } from '../rendered-texts.js';
import { readRawBytes } from './tensor-bytes.js';

/** Sets of inputs that hold prompts and responses. */
const INPUT_SETS = ['prompt, response', 'conversation', 'text'];

export interface InferInputs {
  readonly items: readonly FacadeItem[];
  /** Shape of every input, and of outputs with an element for each item. */
  readonly shape: readonly number[];
}

interface TextTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly texts: readonly string[];
}

export interface InferTextOptions extends Pick<FacadeOptions, 'chat' | 'unsplit' | 'trim'> {
  readonly truncated: boolean;
}

/** @throws TensorsInvalidError (`TENSORS_INVALID`), and what the check throws */
export function readInputs(
  request: ModelInferRequest__Output,
  options: InferTextOptions,
  checkBatch: BatchCheck,
): InferInputs {
  const tensors = new Map(textTensors(request, checkBatch).map((tensor) => [tensor.name, tensor]));
  const names = [...tensors.keys()].sort().join(', ');
  const [first] = tensors.values();
  if (!first || !INPUT_SETS.includes(names)) {
    throw new TensorsInvalidError('inputs', INPUT_SETS.join('; or '), names || 'none');
  }
  for (const { name, shape } of tensors.values()) {
    if (shape.join() !== first.shape.join()) {
      throw new TensorsInvalidError(
        `inputs ${name}`,
        `the shape [${first.shape.join()}] of ${first.name}`,
        `[${shape.join()}]`,
      );
    }
  }
  const texts = (name: string): readonly string[] => tensors.get(name)?.texts ?? [];
  const items = first.texts.map((text, index) => {
    const read = readElement(names, text, texts('response')[index], options);
    const field = `${names === 'prompt, response' ? 'response' : names}[${index}]`;
    return { ...withTruncated(read, options.truncated), field };
  });
  return { items, shape: first.shape };
}

function readElement(names: string, text: string, response: string | undefined, options: InferTextOptions): ReadItem {
  if (response !== undefined) return readPair(text, response, options);
  if (names === 'text') return readWhole(text, undefined, options);
  return readConversation(text);
}

function readConversation(text: string): ReadItem {
  const result = chatMessages.safeParse(jsonOf(text));
  if (result.success) return readMessages(result.data);
  const got = JSON.stringify(text.slice(0, 40));
  return {
    ok: false,
    error: new TensorsInvalidError('conversation', 'JSON, a list of messages {"role", "content"}', got),
  };
}

function jsonOf(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch {
    return undefined;
  }
}

function withTruncated(read: ReadItem, truncated: boolean): ReadItem {
  return read.ok ? { ...read, response: { ...read.response, truncated } } : read;
}

function textTensors({ inputs, rawInputContents }: ModelInferRequest__Output, checkBatch: BatchCheck): TextTensor[] {
  if (rawInputContents.length > 0 && rawInputContents.length !== inputs.length) {
    throw new TensorsInvalidError(
      'raw_input_contents',
      `${inputs.length}, one for each input`,
      `${rawInputContents.length}`,
    );
  }
  const seen = new Set<string>();
  return inputs.map((input, index) => {
    const { name, datatype, contents, parameters } = input;
    const field = `inputs ${name}`;
    if (seen.has(name)) throw new TensorsInvalidError(field, 'it once', 'it again');
    seen.add(name);
    if (datatype !== 'BYTES') throw new TensorsInvalidError(field, 'the datatype BYTES', JSON.stringify(datatype));
    refuseSharedMemory(parameters, field);
    const { shape, count } = shapeOf(input.shape, field);
    checkBatch(count);
    const raw = rawInputContents[index];
    if (raw && contents && contents.bytesContents.length > 0) {
      throw new TensorsInvalidError(field, 'contents or raw_input_contents', 'both');
    }
    const elements = raw ? readRawBytes(raw, count, field) : (contents?.bytesContents ?? []);
    if (elements.length !== count) {
      throw new TensorsInvalidError(field, `${count} elements, as its shape says`, `${elements.length}`);
    }
    return { name, shape, texts: elements.map((element, at) => textOf(element, `${name}[${at}]`)) };
  });
}

/** One axis, or a batch of one, or one column: what clients that batch make of n texts. */
function shapeOf(shape: readonly string[], field: string): { shape: readonly number[]; count: number } {
  const sizes = shape.map(Number);
  const count = sizes.reduce((product, size) => product * size, 1);
  const isOneAxis = sizes.length === 1 || (sizes.length === 2 && sizes.includes(1));
  if (isOneAxis && sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) return { shape: sizes, count };
  throw new TensorsInvalidError(field, 'a shape [n], [n, 1] or [1, n]', `[${shape.join(', ')}]`);
}

/** @throws TensorsInvalidError for data or results that would lie elsewhere */
export function refuseSharedMemory(parameters: Readonly<Record<string, unknown>>, field: string): void {
  const name = Object.keys(parameters).find((key) => key.startsWith('shared_memory_'));
  if (name !== undefined) throw new TensorsInvalidError(field, 'its data in the message', `the parameter ${name}`);
}

function textOf(element: Buffer, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(element);
  } catch (thrown) {
    throw new TensorsInvalidError(field, 'text in UTF-8', messageOf(thrown));
  }
}

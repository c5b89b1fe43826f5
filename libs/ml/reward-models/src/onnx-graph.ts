/**
 * @file The exported graph: which inputs it asks for, what they are fed with, and where its logits come out.
 */
import { OnnxSession, i64View, type Feeds, type SessionTensor } from '#ml/runtime';
import type { EncodedInput } from './classifier.js';
import { ClassifierInvalidError } from './reward-models.errors.js';

/** Inputs that exports of classifiers have; the first two always. */
const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids'] as const;
type InputName = (typeof INPUTS)[number];
const REQUIRED: readonly InputName[] = ['input_ids', 'attention_mask'];
const OUTPUT_DEFAULT = 'logits';
/** 32-bit halves of a 64-bit integer, the low one first: ids, masks and positions have nothing in the high one. */
const HALVES = 2;

export interface OnnxGraphOptions {
  /** Path of the .onnx file. */
  readonly path: string;
  readonly output: string | undefined;
  /** What fills up shorter inputs; masked, so any id of the vocabulary will do unless the graph looks for it. */
  readonly padTokenId: number;
  readonly intraOpThreads: number;
  readonly executionProvider: string;
}

export class OnnxGraph {
  private constructor(
    private readonly session: OnnxSession,
    private readonly inputs: readonly InputName[],
    private readonly output: string,
    private readonly options: OnnxGraphOptions,
  ) {}

  /** @throws RuntimeFailedError, ClassifierInvalidError for inputs or outputs that a classifier does not have */
  static async open(options: OnnxGraphOptions): Promise<OnnxGraph> {
    const { path, output, intraOpThreads, executionProvider } = options;
    const session = await OnnxSession.create(path, {
      name: path,
      intraOpThreads,
      executionProvider,
      optimization: 'all',
    });
    try {
      return new OnnxGraph(session, inputsOf(session, path), outputOf(session, path, output), options);
    } catch (thrown) {
      await session.dispose();
      throw thrown;
    }
  }

  /** A row of label logits per input. @param length that all are filled up to; @default the longest's */
  async logits(batch: readonly EncodedInput[], length = longest(batch)): Promise<readonly Float32Array[]> {
    const results = await this.session.run(this.feeds(batch, length), [this.output]);
    const [rows, labelCount = 1, ...rest] = results.dims(this.output);
    const tensor = results.tensor(this.output);
    if (rows !== batch.length || rest.length > 0 || tensor.type !== 'float32') {
      const got = `${tensor.type} [${tensor.dims.join(', ')}]`;
      throw new ClassifierInvalidError(
        this.options.path,
        `output ${this.output}: expected float32 [${batch.length}, labels], got ${got}`,
      );
    }
    const logits = results.f32(this.output);
    return batch.map((_, row) => logits.slice(row * labelCount, (row + 1) * labelCount));
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }

  private feeds(batch: readonly EncodedInput[], length: number): Feeds {
    const filled = (fill: number, numbersOf: (input: EncodedInput) => readonly number[]): SessionTensor => {
      const data = new BigInt64Array(batch.length * length).fill(BigInt(fill));
      const lowHalves = new Int32Array(data.buffer); // a BigInt for each number would cost more than a small model's pass
      batch.forEach((input, b) => {
        numbersOf(input).forEach((number, t) => (lowHalves[HALVES * (b * length + t)] = number));
      });
      return i64View([batch.length, length], data);
    };
    const makers: { readonly [N in InputName]: () => SessionTensor } = {
      input_ids: () => filled(this.options.padTokenId, ({ ids }) => ids),
      attention_mask: () => filled(0, ({ ids }) => ids.map(() => 1)),
      token_type_ids: () => filled(0, ({ tokenTypeIds }) => tokenTypeIds),
      position_ids: () => filled(0, ({ ids }) => ids.map((_, t) => t)),
    };
    return Object.fromEntries(this.inputs.map((name) => [name, makers[name]()]));
  }
}

const longest = (batch: readonly EncodedInput[]): number => Math.max(...batch.map(({ ids }) => ids.length));

function inputsOf(session: OnnxSession, path: string): InputName[] {
  const known = INPUTS.filter((name) => session.inputNames.includes(name));
  const unknown = session.inputNames.filter((name) => !INPUTS.includes(name as InputName));
  if (unknown.length > 0) {
    throw new ClassifierInvalidError(
      path,
      `expected the inputs of a classifier (${INPUTS.join(', ')}), got also ${unknown.join(', ')}`,
    );
  }
  const missing = REQUIRED.filter((name) => !known.includes(name));
  if (missing.length > 0) throw new ClassifierInvalidError(path, `lacks the input ${missing.join(', ')}`);
  for (const name of known) {
    const type = session.inputType(name);
    if (type !== 'int64')
      throw new ClassifierInvalidError(path, `input ${name}: expected int64, got ${type ?? 'no tensor'}`);
  }
  return known;
}

function outputOf(session: OnnxSession, path: string, chosen: string | undefined): string {
  const { outputNames } = session;
  const name = chosen ?? (outputNames.length === 1 ? outputNames[0] : OUTPUT_DEFAULT);
  if (name !== undefined && outputNames.includes(name)) return name;
  throw new ClassifierInvalidError(
    path,
    `has no output ${JSON.stringify(name)}; there are: ${outputNames.join(', ')}. Set "output" to one of them`,
  );
}

/**
 * @file Reward models exported to ONNX: BERT-like cross-encoders over (prompt, response), or classifiers over a chat.
 *
 * A pair is what the tokenizer's post-processor makes of two texts, with token types where the graph asks for them; names
 * of control tokens within the texts stay the characters they are. A chat is the rendered template without a generation
 * prompt and without further special tokens.
 */
import { join } from 'node:path';
import { present } from '#core';
import { ChatTemplateMissingError, ChatTokenizer, ResponseEmptyError } from '#ml/tokenizer';
import type { Classifier, EncodedInput } from './classifier.js';
import { classifierDescription } from './classifier-description.js';
import { conversationOf } from './conversation.js';
import { checkActivation, chooseLabel } from './labels.js';
import { OnnxGraph } from './onnx-graph.js';
import { onnxDigest, readExportedConfig, type ExportedConfig } from './onnx-files.js';
import { RecentPrompts } from './recent-prompts.js';
import { ClassifierInvalidError } from './reward-models.errors.js';
import type { RewardInput, RewardModelDescription } from './reward-model.js';
import type { OnnxClassifierSpec } from './settings.js';
import { truncateChat, truncatePair, type Window } from './truncate.js';
import { windowTokens } from './window-tokens.js';

/** Part of the digest; raised whenever the lines below change what a text scores. */
const FORMAT_VERSION = 'metaapo onnx-classifier 2';
const FILE_DEFAULT = 'model.onnx';
/** Encoders have no end token, and none is ever appended here. */
const NO_END_TOKEN = 0;
/** Short, so that every window has room; most tokenizers have a token for each. */
const PROBE = 'b';
const NEIGHBOURS = ['a', 'c', 'd', 'e', 'x', 'y', 'z', '1', '2', '.'];
/** Masked out, where the model names no padding. */
const PAD_DEFAULT = 0;

interface Parts {
  readonly tokenizer: ChatTokenizer;
  /** Of pairs; a chat is one text with its response. */
  readonly prompts: RecentPrompts;
  readonly graph: OnnxGraph;
  readonly input: 'pair' | 'chat';
  readonly window: Window;
  /** Special tokens of a joined pair. */
  readonly specialCount: number;
}

export class OnnxClassifier implements Classifier {
  private constructor(
    private readonly parts: Parts,
    /** A graph that looks for its padding itself must be told which id that is; without one nothing is padded. */
    readonly mayPad: boolean,
    /** Graphs that are quantised while they run take their scale from the whole batch. */
    readonly rowsApart: boolean,
    readonly label: Classifier['label'],
    readonly description: RewardModelDescription,
  ) {}

  /** @throws ClassifierInvalidError, LabelNotChosenError, RuntimeFailedError, TokenizerInvalidError */
  static async open(spec: OnnxClassifierSpec): Promise<OnnxClassifier> {
    const { path, file = FILE_DEFAULT, input = 'pair', activation = 'none', truncation = 'refuse' } = spec;
    const { intraOpThreads = 1, executionProvider = 'cpu', output } = spec;
    const weightsDigest = await onnxDigest(path, file);
    const config = await readExportedConfig(path);
    const tokenizer = await openTokenizer(path, input, config);
    const window = { tokensMax: windowTokens(path, config.limits, spec.tokensMax), truncation };
    const padTokenId = config.padTokenId ?? tokenizer.specialToken('pad_token')?.id ?? null;
    const graph = await OnnxGraph.open({
      path: join(path, file),
      output,
      padTokenId: padTokenId ?? PAD_DEFAULT,
      intraOpThreads,
      executionProvider,
    });
    try {
      const specialCount = input === 'pair' ? tokenizer.joinPair([], []).ids.length : 0;
      const prompts = new RecentPrompts((text) => tokenizer.encodeLiteral(text, 'Prompt'));
      const parts = { tokenizer, prompts, graph, input, window, specialCount };
      const labels = await labelsOf(path, config, parts);
      const index = chooseLabel(path, labels, spec.label);
      checkActivation(path, activation, labels.length);
      const label = { index, name: present(labels[index], 'label'), activation };
      const description = classifierDescription({
        kind: 'onnx-classifier',
        format: FORMAT_VERSION,
        architecture: config.architecture ?? file,
        weightsDigest,
        tokenizerDigest: tokenizer.tokenizerDigest,
        templateDigest: input === 'chat' ? tokenizer.templateDigest : null,
        label,
        window,
        settings: { input, output: output ?? null },
        executionProvider,
      });
      return new OnnxClassifier(parts, padTokenId !== null, await rowsAreApart(parts), label, description);
    } catch (thrown) {
      await graph.dispose();
      throw thrown;
    }
  }

  encode(input: RewardInput): EncodedInput {
    return encodeInput(this.parts, input);
  }

  async logits(batch: readonly EncodedInput[], length: number): Promise<readonly Float32Array[]> {
    return this.parts.graph.logits(batch, length);
  }

  async dispose(): Promise<void> {
    await this.parts.graph.dispose();
  }
}

function encodeInput(
  { tokenizer, prompts, input: form, window, specialCount }: Parts,
  input: RewardInput,
): EncodedInput {
  if (form === 'chat') {
    const { kept, truncatedCount } = truncateChat(tokenizer.encodeConversation(conversationOf(input)), window);
    return { ids: kept, tokenTypeIds: kept.map(() => 0), truncatedCount };
  }
  if (input.response === '') throw new ResponseEmptyError();
  const first = prompts.tokensOf(input.prompt.text);
  const second = tokenizer.encodeLiteral(input.response, 'Response');
  const { kept, truncatedCount } = truncatePair({ first, second }, specialCount, window);
  return { ...tokenizer.joinPair(kept.first, kept.second), truncatedCount };
}

async function openTokenizer(
  path: string,
  input: 'pair' | 'chat',
  { vocabularySize }: ExportedConfig,
): Promise<ChatTokenizer> {
  const tokenizer = await ChatTokenizer.load(path, { eosTokenId: NO_END_TOKEN });
  if (input === 'chat' && !tokenizer.hasChatTemplate) throw new ChatTemplateMissingError(path);
  if (vocabularySize !== null && tokenizer.vocabularySize > vocabularySize) {
    const problem = `expected a tokenizer of at most ${vocabularySize} tokens (vocab_size), got ${tokenizer.vocabularySize}`;
    throw new ClassifierInvalidError(path, problem);
  }
  return tokenizer;
}

/** True when an input has the same logits, to the bit, alone and beside others. */
async function rowsAreApart(parts: Parts): Promise<boolean> {
  const encode = (response: string) => encodeInput(parts, { prompt: { messages: [], text: 'a' }, response });
  const input = encode(PROBE);
  const others = NEIGHBOURS.map(encode);
  const equals = others.filter(({ ids }) => ids.length === input.ids.length);
  const [alone] = await parts.graph.logits([input]);
  const crowd = await parts.graph.logits([...equals, input]);
  const bits = (row: Float32Array | undefined): string =>
    Buffer.from(present(row, 'logits').slice().buffer).toString('hex');
  return bits(alone) === bits(crowd.at(-1));
}

/** Names of the labels: as many as the graph gives in a trial run, called as config.json calls them. */
async function labelsOf(path: string, config: ExportedConfig, parts: Parts): Promise<readonly string[]> {
  const trial = encodeInput(parts, { prompt: { messages: [], text: 'a' }, response: PROBE });
  const [row] = await parts.graph.logits([trial]);
  const count = present(row, 'logits of the trial').length;
  const labels = config.labels ?? Array.from({ length: count }, (_, index) => `LABEL_${index}`);
  if (labels.length === count) return labels;
  throw new ClassifierInvalidError(
    path,
    `config.json names ${labels.length} labels, and the graph gives ${count} logits`,
  );
}

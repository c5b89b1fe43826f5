/**
 * @file Reward models that are language models with a classification head (Llama, Qwen 2, … `ForSequenceClassification`).
 *
 * The chat is rendered without a generation prompt and encoded without further special tokens: start and end tokens are
 * exactly those that the template writes. The head reads one token, as transformers does: the last one that is not
 * `pad_token_id`. Where a model pads with its end token, that is the one before the end token.
 */
import { present } from '#core';
import { openClassifierCheckpoint, type ClassifierCheckpoint } from '#ml/checkpoint';
import { SequenceClassifier } from '#ml/engine';
import { ChatTemplateMissingError, ChatTokenizer } from '#ml/tokenizer';
import type { Classifier, EncodedInput } from './classifier.js';
import { classifierDescription } from './classifier-description.js';
import { conversationOf } from './conversation.js';
import { checkActivation, chooseLabel } from './labels.js';
import { ClassifierInvalidError } from './reward-models.errors.js';
import type { RewardInput, RewardModelDescription } from './reward-model.js';
import type { LmClassifierSpec } from './settings.js';
import { truncateChat, type Window } from './truncate.js';
import { windowTokens } from './window-tokens.js';

/** Part of the digest; raised whenever the lines below change what a text scores. */
const FORMAT_VERSION = 'metaapo lm-classifier 2';

export class LmClassifier implements Classifier {
  readonly mayPad = true;
  /** No row of our own graphs sees another one. */
  readonly rowsApart = true;

  private constructor(
    private readonly tokenizer: ChatTokenizer,
    private readonly model: SequenceClassifier,
    private readonly window: Window,
    private readonly padTokenId: number | null,
    readonly label: Classifier['label'],
    readonly description: RewardModelDescription,
  ) {}

  /** @throws whatever opening the folder throws; LabelNotChosenError; ClassifierInvalidError */
  static async open(spec: LmClassifierSpec): Promise<LmClassifier> {
    const { path, activation = 'none', truncation = 'refuse', intraOpThreads = 1, executionProvider = 'cpu' } = spec;
    const checkpoint = await openClassifierCheckpoint(path);
    const { architecture, backbone, labels } = checkpoint.config;
    const index = chooseLabel(path, labels, spec.label);
    checkActivation(path, activation, labels.length);
    const tokenizer = await openTokenizer(checkpoint);
    const window = { tokensMax: windowTokens(path, [backbone.contextTokensMax], spec.tokensMax), truncation };
    const label = { index, name: present(labels[index], 'label'), activation };
    const description = classifierDescription({
      kind: 'lm-classifier',
      format: FORMAT_VERSION,
      architecture,
      weightsDigest: checkpoint.digest,
      tokenizerDigest: tokenizer.tokenizerDigest,
      templateDigest: tokenizer.templateDigest,
      label,
      window,
      executionProvider,
    });
    const model = await SequenceClassifier.create({
      config: backbone,
      backbone: checkpoint.backbone,
      head: checkpoint.head,
      intraOpThreads,
      executionProvider,
    });
    const { padTokenId } = backbone;
    return new LmClassifier(tokenizer, model, window, padTokenId, label, description);
  }

  encode(input: RewardInput): EncodedInput {
    const { kept, truncatedCount } = truncateChat(
      this.tokenizer.encodeConversation(conversationOf(input)),
      this.window,
    );
    return { ids: kept, tokenTypeIds: kept.map(() => 0), truncatedCount };
  }

  async logits(batch: readonly EncodedInput[], length: number): Promise<readonly Float32Array[]> {
    const sequences = batch.map(({ ids }) => ({ tokenIds: ids, readAt: scorePosition(ids, this.padTokenId) }));
    return this.model.logits(sequences, length);
  }

  async dispose(): Promise<void> {
    await this.model.dispose();
  }
}

/**
 * Where transformers reads the score of a sequence: its last id that is not the padding's, whatever wrote it; the first
 * where all are, the last where the model has no padding.
 */
export function scorePosition(ids: readonly number[], padTokenId: number | null): number {
  if (padTokenId === null) return ids.length - 1;
  return Math.max(
    0,
    ids.findLastIndex((id) => id !== padTokenId),
  );
}

/** @throws ChatTemplateMissingError, ClassifierInvalidError where the tokenizer has tokens that the model lacks */
async function openTokenizer({ dir, config: { backbone } }: ClassifierCheckpoint): Promise<ChatTokenizer> {
  const [eosTokenId] = backbone.eosTokenIds;
  const tokenizer = await ChatTokenizer.load(dir, { eosTokenId: present(eosTokenId, 'end token') });
  if (!tokenizer.hasChatTemplate) throw new ChatTemplateMissingError(dir);
  const { vocabularySize } = tokenizer;
  if (vocabularySize > backbone.vocabularySize) {
    const problem = `expected a tokenizer of at most ${backbone.vocabularySize} tokens (vocab_size), got ${vocabularySize}`;
    throw new ClassifierInvalidError(dir, problem);
  }
  return tokenizer;
}

/**
 * @file Preference rows as the ids that a reward model reads. The same lines encode what the model is served with
 * (`lm-classifier` of #ml/reward-models): the template without a generation prompt, up to the last token that is not the
 * padding's.
 */
import { AppError, digestOfJson, type Digest } from '#core';
import type { PreferenceRow } from '#ml/data';
import type { RewardPair } from '#ml/engine';
import { conversationOf, scorePosition } from '#ml/reward-models';
import type { ChatTokenizer } from '#ml/tokenizer';

/** A pair, ready to go through the model. */
export interface EncodedPair extends RewardPair {
  readonly rowId: string;
  /** Names the prompt; all pairs of one are held out together. */
  readonly promptDigest: Digest;
  /** Names prompt and both responses, whichever is preferred. */
  readonly textsDigest: Digest;
  readonly hasMargin: boolean;
}

export interface EncodedPairs {
  readonly pairs: readonly EncodedPair[];
  /** Pairs left out because a response comes to more tokens than that. */
  readonly tooLongCount: number;
  /** Pairs left out because the model would read the same twice. */
  readonly sameCount: number;
  /** Pairs that template or tokenizer refuse. */
  readonly unusable: readonly { readonly rowId: string; readonly error: AppError }[];
}

export interface EncodeOptions {
  readonly tokenizer: ChatTokenizer;
  readonly padTokenId: number;
  readonly tokensMax: number;
}

export function encodePairs(rows: Iterable<PreferenceRow>, options: EncodeOptions): EncodedPairs {
  const pairs: EncodedPair[] = [];
  const unusable: { rowId: string; error: AppError }[] = [];
  let [tooLongCount, sameCount] = [0, 0];
  for (const row of rows) {
    try {
      const [chosen, rejected] = [idsOf(row, row.chosen, options), idsOf(row, row.rejected, options)];
      if (chosen.tokenCount > options.tokensMax || rejected.tokenCount > options.tokensMax) tooLongCount++;
      else if (chosen.read.join() === rejected.read.join()) sameCount++;
      else pairs.push({ ...namesOf(row), chosen: chosen.read, rejected: rejected.read, ...marginOf(row) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      unusable.push({ rowId: row.rowId, error });
    }
  }
  return { pairs, tooLongCount, sameCount, unusable };
}

interface Encoded {
  /** Of the whole conversation. */
  readonly tokenCount: number;
  /** Ids up to the one that the head reads: what comes after is seen by nothing. */
  readonly read: readonly number[];
}

function idsOf({ prompt }: PreferenceRow, response: string, { tokenizer, padTokenId }: EncodeOptions): Encoded {
  const messages = prompt.kind === 'conversation' ? prompt.messages : [];
  const text = prompt.kind === 'text' ? prompt.text : '';
  const ids = tokenizer.encodeConversation(conversationOf({ prompt: { messages, text }, response }));
  return { tokenCount: ids.length, read: ids.slice(0, scorePosition(ids, padTokenId) + 1) };
}

function namesOf({ rowId, prompt, chosen, rejected }: PreferenceRow) {
  const promptDigest = digestOfJson(prompt);
  return { rowId, promptDigest, textsDigest: digestOfJson([promptDigest, ...[chosen, rejected].sort()]) };
}

function marginOf({ margin }: PreferenceRow): { readonly margin: number; readonly hasMargin: boolean } {
  return { margin: margin ?? 0, hasMargin: margin !== undefined };
}

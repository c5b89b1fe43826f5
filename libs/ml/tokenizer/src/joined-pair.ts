/**
 * @file Two texts in one sequence, as cross-encoders read them: `[CLS] first [SEP] second [SEP]`, or however else the
 * tokenizer's post-processor writes it.
 *
 * The texts come as ids, so that what was encoded and cut outside is joined as it is, and no text of theirs can become a
 * special token.
 */
import { TokenizerInvalidError } from './tokenizer.errors.js';
import type { Tokenizer } from './tokenizers-library.js';

export interface JoinedPair {
  readonly ids: readonly number[];
  /** 0 for the first text and 1 for the second, as the post-processor says; as long as `ids`. */
  readonly tokenTypeIds: readonly number[];
}

interface Parts {
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** For messages. */
  readonly dir: string;
}

export function joinPair(
  tokenizer: Tokenizer,
  tokenizerJson: Readonly<Record<string, unknown>>,
  { first, second, dir }: Parts,
): JoinedPair {
  const joined = tokenizer.post_processor?.post_process(first, second, true) ?? { tokens: [...first, ...second] };
  const leftOver = ('tokens_pair' in joined ? joined.tokens_pair : null) ?? [];
  const ids = [...joined.tokens, ...leftOver].map((token) => {
    const id = typeof token === 'number' ? token : tokenizer.token_to_id(token);
    if (id === undefined) throw new TokenizerInvalidError(dir, `its pairs need the token ${token}, which it lacks`);
    return id;
  });
  const types = ('token_type_ids' in joined ? joined.token_type_ids : undefined) ?? [];
  const tokenTypeIds = hasOneTokenType(tokenizerJson) ? [] : types;
  return { ids, tokenTypeIds: ids.map((_, index) => tokenTypeIds[index] ?? 0) };
}

/** RoBERTa's post-processor gives type 0 to both texts; the library (0.2.0) says 1 for the second. */
function hasOneTokenType({ post_processor: processor }: Readonly<Record<string, unknown>>): boolean {
  return (processor as { readonly type?: unknown } | null | undefined)?.type === 'RobertaProcessing';
}

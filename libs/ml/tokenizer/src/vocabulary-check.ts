/**
 * @file A tokenizer's vocabulary against the rows of the model's embedding.
 *
 * The library makes a place for every id up to the largest, so wild ids are refused before it sees them.
 */
import type { TokenizerFiles } from './tokenizer-files.js';
import type { Tokenizer } from './tokenizers-library.js';
import { TokenizerInvalidError } from './tokenizer.errors.js';

/** Beyond any vocabulary, where nobody has said how many rows there are. */
const IDS_MAX = 2 ** 24;

/** Every id of the files is one. @throws TokenizerInvalidError */
export function refuseWildIds({ dir, tokenizer }: TokenizerFiles): void {
  const { vocab } = (tokenizer['model'] ?? {}) as { readonly vocab?: unknown };
  const ofVocabulary =
    typeof vocab === 'object' && vocab !== null && !Array.isArray(vocab) ? Object.entries(vocab) : [];
  const added = tokenizer.added_tokens.map(({ content, id }) => [content, id] as const);
  for (const [token, id] of [...ofVocabulary, ...added] as (readonly [string, unknown])[]) {
    if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < IDS_MAX) continue;
    throw new TokenizerInvalidError(dir, `token ${shown(token)} has id ${String(JSON.stringify(id)).slice(0, 100)}`);
  }
}

/** Tokens beyond the embedding would come up in any text. @throws TokenizerInvalidError */
export function refuseBeyondEmbedding(tokenizer: Tokenizer, dir: string, rows = Infinity): void {
  for (const [token, id] of tokenizer.get_vocab()) {
    if (id < rows) continue;
    const problem = `token ${shown(token)} has id ${id}, the model's embedding has ${rows} rows`;
    throw new TokenizerInvalidError(dir, `${problem}: use the tokenizer that belongs to the model`);
  }
}

/** The library may hold what is no text. */
function shown(token: unknown): string {
  return JSON.stringify(String(token)).slice(0, 200);
}

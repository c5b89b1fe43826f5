/**
 * @file What we use of `@huggingface/tokenizers`, typed.
 *
 * The package's own declarations (0.2.0) import each other without file extensions, which resolves to nothing under
 * `moduleResolution: nodenext`: everything would silently be `any`. Can go once they carry extensions.
 */
import * as library from '@huggingface/tokenizers';

export interface Encoding {
  readonly ids: number[];
  readonly tokens: string[];
}

export interface Decoder {
  decode_chain(tokens: string[]): string[];
}

export interface Tokenizer {
  readonly decoder: Decoder | null;
  encode(text: string, options: { readonly add_special_tokens: boolean }): Encoding;
  /** Throws on an empty list. */
  decode(
    ids: readonly number[],
    options: { readonly skip_special_tokens: boolean; readonly clean_up_tokenization_spaces: boolean },
  ): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_vocab(): ReadonlyMap<string, number>;
}

interface Library {
  readonly Tokenizer: new (tokenizerJson: object, config: object) => Tokenizer;
  readonly ByteFallbackDecoder: new (config: object) => Decoder;
  readonly SequenceDecoder: new (config: object) => Decoder & { readonly decoders: readonly Decoder[] };
}

const typed = library as unknown as Library;
export const TokenizerClass = typed.Tokenizer;
export const ByteFallbackDecoder = typed.ByteFallbackDecoder;
export const SequenceDecoder = typed.SequenceDecoder;

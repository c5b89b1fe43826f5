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

/** Rewrites a text before it is cut. */
export interface Normalizer {
  readonly config: { readonly lowercase?: unknown };
  /** The parts of a sequence. */
  readonly normalizers?: readonly (Normalizer | null)[];
  normalize(text: string): string;
}

/** Pieces whose blanks are written as another character. */
export interface MetaspaceDecoder extends Decoder {
  readonly replacement: string;
  readonly config: { readonly prepend_scheme?: unknown; readonly add_prefix_space?: unknown };
}

/** What cuts text into pieces of its vocabulary; unknown pieces as they stand in the text. */
export interface TokenizerModel {
  readonly config: { readonly byte_fallback?: unknown };
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  encode(parts: readonly string[]): string[];
}

/** Joins tokens and pairs with special tokens; it never looks into what it joins. */
export interface PostProcessor {
  post_process<T>(
    tokens: readonly T[],
    tokensOfPair: readonly T[] | null,
    addSpecialTokens: boolean,
  ): {
    /** Special tokens among them by their spelling. */
    readonly tokens: readonly (T | string)[];
    /** Left over where the processor does not join pairs. */
    readonly tokens_pair?: readonly T[] | null;
    readonly token_type_ids?: readonly number[];
  };
}

export interface Tokenizer {
  readonly normalizer: Normalizer | null;
  readonly post_processor: PostProcessor | null;
  readonly decoder: Decoder | null;
  readonly model: TokenizerModel;
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
  readonly BertNormalizer: new (config: object) => Normalizer;
  readonly LowercaseNormalizer: new (config: object) => Normalizer;
  readonly MetaspaceDecoder: new (config: object) => MetaspaceDecoder;
  readonly Unigram: new (config: object) => TokenizerModel;
  readonly SequenceDecoder: new (config: object) => Decoder & { readonly decoders: readonly Decoder[] };
}

const typed = library as unknown as Library;
export const TokenizerClass = typed.Tokenizer;
export const ByteFallbackDecoder = typed.ByteFallbackDecoder;
export const BertNormalizerClass = typed.BertNormalizer;
export const LowercaseNormalizerClass = typed.LowercaseNormalizer;
export const MetaspaceDecoderClass = typed.MetaspaceDecoder;
export const UnigramModel = typed.Unigram;
export const SequenceDecoder = typed.SequenceDecoder;

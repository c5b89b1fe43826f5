/**
 * @file Decoding of pieces whose blanks are written `▁`, as the Rust library does it.
 *
 * The first piece loses its blanks, since they were put before the text; where none was (`prepend_scheme: never`) it keeps
 * them. The JavaScript library (0.2.0) always takes one away. Source: tokenizers `pre_tokenizers/metaspace.rs`.
 */
import { MetaspaceDecoderClass, SequenceDecoder, type MetaspaceDecoder, type Tokenizer } from './tokenizers-library.js';

/** Gives the tokenizer's decoders of this kind, if it has any, the behaviour above. */
export function correctMetaspace({ decoder }: Tokenizer): void {
  const decoders = decoder instanceof SequenceDecoder ? decoder.decoders : [decoder];
  for (const part of decoders) {
    if (part instanceof MetaspaceDecoderClass) part.decode_chain = (tokens) => decodePieces(part, tokens);
  }
}

function decodePieces({ replacement, config }: MetaspaceDecoder, tokens: readonly string[]): string[] {
  const isPrepended = config.prepend_scheme !== 'never' && config.add_prefix_space !== false;
  return tokens.map((token, index) => token.replaceAll(replacement, index === 0 && isPrepended ? '' : ' '));
}

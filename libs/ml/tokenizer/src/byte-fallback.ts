/**
 * @file Byte tokens (`<0x41>`), as the Rust library does them.
 *
 * Decoding: a run of byte tokens that is valid UTF-8 becomes its text; an invalid run becomes one U+FFFD per byte. The
 * JavaScript library (0.2.0) decodes the valid part of such a run and swallows a byte-order mark at its start. Encoding:
 * where a Unigram model says `byte_fallback`, what is in no piece becomes its bytes; the library gives the unknown token.
 * Both are replaced here. Source: tokenizers `decoders/byte_fallback.rs`, `models/unigram/model.rs`. Can go once the
 * library agrees with the golden results.
 */
import { ByteFallbackDecoder, SequenceDecoder, UnigramModel, type Tokenizer } from './tokenizers-library.js';

const BYTE_TOKEN = /^<0x([0-9A-Fa-f]{2})>$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const utf8 = new TextEncoder();

/** Gives the tokenizer's decoders and its model, where they fall back to bytes, the behaviour above. */
export function correctByteFallback({ decoder, model }: Tokenizer): void {
  const decoders = decoder instanceof SequenceDecoder ? decoder.decoders : [decoder];
  for (const part of decoders) {
    if (part instanceof ByteFallbackDecoder) part.decode_chain = decodeByteTokens;
  }
  if (!(model instanceof UnigramModel) || model.config.byte_fallback !== true) return;
  const pieces = model.tokens_to_ids;
  const encode = model.encode.bind(model);
  model.encode = (parts) => encode(parts).flatMap((piece) => (pieces.has(piece) ? [piece] : byteTokens(piece, pieces)));
}

/** A piece as byte tokens; as itself, and so unknown, where the vocabulary lacks one of them. */
function byteTokens(piece: string, pieces: ReadonlyMap<string, number>): string[] {
  const tokens = [...utf8.encode(piece)].map((byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  return tokens.every((token) => pieces.has(token)) ? tokens : [piece];
}

/** Joins runs of byte tokens into text; other tokens pass. */
export function decodeByteTokens(tokens: readonly string[]): string[] {
  const result: string[] = [];
  let run: number[] = [];
  const flush = () => {
    if (run.length > 0) result.push(textOf(run));
    run = [];
  };
  for (const token of tokens) {
    const byte = BYTE_TOKEN.exec(token)?.[1];
    if (byte === undefined) {
      flush();
      result.push(token);
    } else {
      run.push(Number.parseInt(byte, 16));
    }
  }
  flush();
  return result;
}

function textOf(bytes: readonly number[]): string {
  try {
    return strictUtf8.decode(Uint8Array.from(bytes));
  } catch {
    return '\uFFFD'.repeat(bytes.length);
  }
}

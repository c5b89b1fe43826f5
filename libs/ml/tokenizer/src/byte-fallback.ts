/**
 * @file Decoding of byte tokens (`<0x41>`), as the Rust library does it.
 *
 * A run of byte tokens that is valid UTF-8 becomes its text; an invalid run becomes one U+FFFD per byte. The JavaScript
 * library (0.2.0) decodes the valid part of such a run and swallows a byte-order mark at its start, so its decoder is
 * replaced here. Source: tokenizers `decoders/byte_fallback.rs`. Can go once the library agrees with the golden results.
 */
import { ByteFallbackDecoder, SequenceDecoder, type Tokenizer } from './tokenizers-library.js';

const BYTE_TOKEN = /^<0x([0-9A-Fa-f]{2})>$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Gives the tokenizer's byte-fallback decoders, if it has any, the behaviour above. */
export function correctByteFallback({ decoder }: Tokenizer): void {
  const decoders = decoder instanceof SequenceDecoder ? decoder.decoders : [decoder];
  for (const part of decoders) {
    if (part instanceof ByteFallbackDecoder) part.decode_chain = decodeByteTokens;
  }
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

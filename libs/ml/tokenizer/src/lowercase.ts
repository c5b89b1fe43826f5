/**
 * @file Small letters, as the Rust library makes them: character by character.
 *
 * JavaScript's `toLowerCase` looks around for one character alone: a capital sigma at the end of a word becomes ς, which
 * other pieces stand for than for σ. Source: tokenizers `tokenizer/normalizer.rs`.
 */
import {
  BertNormalizerClass,
  LowercaseNormalizerClass,
  type Normalizer,
  type Tokenizer,
} from './tokenizers-library.js';

/** Gives the tokenizer's normalizers that make letters small, if it has any, the behaviour above. */
export function correctLowercase({ normalizer }: Tokenizer): void {
  if (normalizer !== null) correct(normalizer);
}

function correct(normalizer: Normalizer): void {
  for (const part of normalizer.normalizers ?? []) if (part) correct(part);
  const isSmall = normalizer instanceof BertNormalizerClass && normalizer.config.lowercase === true;
  if (!isSmall && !(normalizer instanceof LowercaseNormalizerClass)) return;
  const normalize = normalizer.normalize.bind(normalizer);
  normalizer.normalize = (text) => normalize(text.replaceAll('\u03A3', '\u03C3'));
}

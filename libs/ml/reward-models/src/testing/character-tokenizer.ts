/** @file For tests and benchmarks: a tokenizer with a token for each character, in the form of tokenizer.json. */

/** Printable ASCII, and GPT-2's names for a space and a line's end. */
const CHARACTERS = [...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)), 'Ġ', 'Ċ'];

/** Its tokens by id: control tokens first. */
export function characterVocabulary(control: readonly string[]): readonly string[] {
  return [...control, ...CHARACTERS];
}

/** Pairs of texts are joined as BERT's are: `control` has `[CLS]` and `[SEP]`. */
export function characterTokenizer(control: readonly string[]): object {
  const special = (id: '[CLS]' | '[SEP]', type: number) => ({ SpecialToken: { id, type_id: type } });
  const text = (id: 'A' | 'B', type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special('[CLS]', 0), text('A', 0), special('[SEP]', 0)];
  const vocabulary = characterVocabulary(control);
  return {
    version: '1.0',
    added_tokens: control.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, text('B', 1), special('[SEP]', 1)],
      special_tokens: {},
    },
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])), merges: [] },
  };
}

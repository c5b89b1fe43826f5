/** @file Kind `tokenizer`: encodings, decodings, special tokens and rendered chats against tokenizers and transformers. */
import { AppError, present } from '#core';
import { ChatTokenizer, type ChatMessage, type SpecialRole } from '#ml/tokenizer';
import type { Checker } from '../checker.js';
import type { Measurements } from '../measurement.js';

interface Content {
  readonly vocab_size: number;
  readonly special: Readonly<Record<'bos' | 'eos' | 'pad' | 'unk', readonly [string | null, number | null]>> & {
    readonly all: readonly string[];
  };
  readonly encodings: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly ids_with_special: readonly number[];
    readonly tokens: readonly string[];
    readonly decoded: string;
    readonly decoded_skip_special: string;
  }[];
  readonly partial_decodings: readonly { readonly ids: readonly number[]; readonly decoded: string }[];
  readonly chats: readonly Chat[];
}

interface Chat {
  readonly messages: readonly ChatMessage[];
  readonly add_generation_prompt: boolean;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly text?: string;
  readonly ids?: readonly number[];
  readonly error?: string;
}

export const checkTokenizer: Checker = async (golden, measure) => {
  const content = golden.as<Content>();
  const tokenizer = await ChatTokenizer.load(present(golden.modelPath, 'model of the case'));
  measure.exact('vocabulary size', 'all', tokenizer.vocabularySize, content.vocab_size);
  checkSpecialTokens(tokenizer, content, measure);
  content.encodings.forEach((encoding, index) => {
    const part = `text ${index}`;
    const ids = tokenizer.encode(encoding.text, { addSpecial: false });
    measure.exact('ids', part, ids, encoding.ids);
    measure.exact(
      'ids with special',
      part,
      tokenizer.encode(encoding.text, { addSpecial: true }),
      encoding.ids_with_special,
    );
    measure.exact(
      'tokens',
      part,
      ids.map((id) => tokenizer.tokenOf(id)),
      encoding.tokens,
    );
    measure.exact('decoded', part, tokenizer.decode(encoding.ids, { skipSpecial: false }), encoding.decoded);
    const skipped = tokenizer.decode(encoding.ids, { skipSpecial: true });
    measure.exact('decoded without special', part, skipped, encoding.decoded_skip_special);
  });
  content.partial_decodings.forEach(({ ids, decoded }, index) => {
    measure.exact('partial decodings', `slice ${index}`, tokenizer.decode(ids, { skipSpecial: false }), decoded);
  });
  content.chats.forEach((chat, index) => checkChat(tokenizer, chat, `chat ${index}`, measure));
};

function checkSpecialTokens(tokenizer: ChatTokenizer, { special }: Content, measure: Measurements): void {
  const roles: SpecialRole[] = ['bos_token', 'eos_token', 'unk_token', 'pad_token'];
  for (const role of roles) {
    const expected = special[role.replace('_token', '') as 'bos' | 'eos' | 'pad' | 'unk'];
    const found = tokenizer.specialToken(role);
    measure.exact('special tokens', role, [found?.token ?? null, found?.id ?? null], expected);
  }
  const all = new Set(roles.map((role) => tokenizer.specialToken(role)?.token).filter((token) => token !== undefined));
  measure.exact('special tokens', 'all', [...all].sort(), special.all.toSorted());
}

function checkChat(tokenizer: ChatTokenizer, chat: Chat, part: string, measure: Measurements): void {
  let rendered: string | undefined;
  let objection: string | undefined;
  try {
    rendered = tokenizer.renderChat(chat.messages, {
      addGenerationPrompt: chat.add_generation_prompt,
      variables: chat.extra,
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    objection = 'templateMessage' in thrown ? String(thrown.templateMessage) : thrown.message;
  }
  measure.exact('chats', part, [rendered, objection], [chat.text, chat.error]);
  if (chat.text === undefined) return;
  measure.exact('chat ids', part, tokenizer.encode(chat.text, { addSpecial: false }), chat.ids);
  const isPrompt = chat.add_generation_prompt && Object.keys(chat.extra).length === 0;
  if (!isPrompt || chat.messages.at(-1)?.role === 'assistant') return;
  // What scoring and training see must be what the template says.
  const ids = tokenizer.encodePrompt({ kind: 'conversation', messages: chat.messages });
  measure.exact('prompt ids', part, ids, chat.ids);
}

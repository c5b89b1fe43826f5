/**
 * @file Text and conversations to token ids and back, as the model's own tokenizer and chat template say.
 *
 * Prompt: the rendered template with a generation prompt, encoded without adding special tokens (the template writes the
 * start token itself; adding would double it). Response: its text by itself, then the end token unless it was cut off.
 */
import { messageOf, present, type Digest } from '#core';
import { correctByteFallback } from './byte-fallback.js';
import { ChatTemplate, type ChatMessage, type RenderOptions } from './chat-template.js';
import { ControlTokens } from './control-tokens.js';
import { joinPair, type JoinedPair } from './joined-pair.js';
import { correctLowercase } from './lowercase.js';
import { correctMetaspace } from './metaspace.js';
import { readTokenizerFiles, type SpecialRole, type TokenizerFiles } from './tokenizer-files.js';
import {
  ChatTemplateMissingError,
  PromptInvalidError,
  ResponseEmptyError,
  TextMalformedError,
  TokenOutOfRangeError,
  TokenizerInvalidError,
} from './tokenizer.errors.js';
import { TokenizerClass, type Tokenizer } from './tokenizers-library.js';
import { refuseBeyondEmbedding, refuseWildIds } from './vocabulary-check.js';

export type PromptInput =
  | { readonly kind: 'conversation'; readonly messages: readonly ChatMessage[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'token_ids'; readonly ids: readonly number[] };

/** `truncated`: generation stopped for length, so no end token follows. */
export type ResponseInput =
  | { readonly kind: 'text'; readonly text: string; readonly truncated: boolean }
  | { readonly kind: 'token_ids'; readonly ids: readonly number[]; readonly truncated: boolean };

export interface LoadOptions {
  /** Rows of the model's embedding: the bound for token ids, those that come in and the tokenizer's own. @default the tokenizer's own vocabulary */
  readonly vocabularySize?: number;
  /** End token where tokenizer_config.json names none. */
  readonly eosTokenId?: number;
}

export class ChatTokenizer {
  /** Names tokenizer.json and the settings beside it. */
  readonly tokenizerDigest: Digest;
  /** Null without a chat template. */
  readonly templateDigest: Digest | null;
  /** Ends a response. */
  readonly eosTokenId: number;
  readonly vocabularySize: number;
  /** Ids of the model's embedding end here; infinite where nobody has said. */
  private readonly idLimit: number;
  private readonly tokenizer: Tokenizer;
  private readonly template: ChatTemplate | null;
  private readonly control: ControlTokens;
  /** Made when first needed: it knows no control tokens, so their names are text to it. */
  private literalTokenizer: Tokenizer | undefined;

  private readonly files: TokenizerFiles;

  private constructor(all: TokenizerFiles, options: LoadOptions) {
    const files = withinEmbedding(all, options.vocabularySize);
    this.files = files;
    refuseWildIds(files);
    this.tokenizer = makeTokenizer(files, files.tokenizer);
    refuseBeyondEmbedding(this.tokenizer, files.dir, options.vocabularySize);
    this.tokenizerDigest = files.tokenizerDigest;
    this.templateDigest = files.templateDigest;
    this.template =
      files.chatTemplate === null ? null : new ChatTemplate(files.chatTemplate, files.specialTokens, files.dir);
    this.control = new ControlTokens(files.tokenizer.added_tokens);
    this.vocabularySize = options.vocabularySize ?? this.tokenizer.get_vocab().size;
    this.idLimit = options.vocabularySize ?? Infinity;
    const { eos_token: eosToken } = files.specialTokens;
    const eosTokenId = eosToken === undefined ? options.eosTokenId : this.tokenizer.token_to_id(eosToken);
    if (eosTokenId === undefined) {
      throw new TokenizerInvalidError(files.dir, `end token ${eosToken ?? '(none named)'} is not in the vocabulary`);
    }
    this.eosTokenId = eosTokenId;
  }

  /** Opens the tokenizer of a model, a folder or a GGUF file. @throws TokenizerInvalidError, GgufUnsupportedError */
  static async load(dir: string, options: LoadOptions = {}): Promise<ChatTokenizer> {
    return new ChatTokenizer(await readTokenizerFiles(dir), options);
  }

  get hasChatTemplate(): boolean {
    return this.template !== null;
  }

  /** Ids of special tokens; they carry no text of a response. */
  get specialTokenIds(): ReadonlySet<number> {
    return this.control.ids;
  }

  /** Text to ids. Names of control tokens in the text become control tokens. @throws TextMalformedError */
  encode(text: string, { addSpecial }: { readonly addSpecial: boolean }): number[] {
    requireWellFormed(text, 'Text');
    return this.idsOf(this.tokenizer, text, addSpecial);
  }

  /** Text to ids, where names of control tokens stay the characters they are. @throws TextMalformedError */
  encodeLiteral(text: string, where = 'Text'): number[] {
    requireWellFormed(text, where);
    if (!this.control.occurIn(text)) return this.idsOf(this.tokenizer, text, false);
    const { tokenizer } = this.files;
    const added_tokens = tokenizer.added_tokens.filter(({ special }) => !special);
    this.literalTokenizer ??= makeTokenizer(this.files, { ...tokenizer, added_tokens });
    const ids = this.idsOf(this.literalTokenizer, text, false);
    const smuggled = ids.find((id) => this.control.ids.has(id));
    if (smuggled === undefined) return ids;
    const name = this.tokenizer.id_to_token(smuggled);
    throw new TextMalformedError(
      where,
      `contains the control token ${name}, which this tokenizer cannot write as text`,
    );
  }

  /** Ids to text; ids without a token (rows that pad the embedding) give nothing. */
  decode(ids: readonly number[], { skipSpecial }: { readonly skipSpecial: boolean }): string {
    const known = ids.filter((id) => this.tokenizer.id_to_token(id) !== undefined);
    if (known.length === 0) return '';
    const clean = this.files.config['clean_up_tokenization_spaces'] === true;
    try {
      return this.tokenizer.decode(known, { skip_special_tokens: skipSpecial, clean_up_tokenization_spaces: clean });
    } catch (cause) {
      throw new TokenizerInvalidError(this.files.dir, `the decoder breaks: ${messageOf(cause)}`, cause);
    }
  }

  /** The vocabulary's own spelling of an id, or undefined. */
  tokenOf(id: number): string | undefined {
    return this.tokenizer.id_to_token(id);
  }

  /** The token that plays a role, or null where the model has none. */
  specialToken(role: SpecialRole): { readonly token: string; readonly id: number } | null {
    const token = this.files.specialTokens[role];
    const id = token === undefined ? undefined : this.tokenizer.token_to_id(token);
    return token === undefined || id === undefined ? null : { token, id };
  }

  /** A conversation as text. @throws ChatTemplateMissingError, ChatTemplateFailedError */
  renderChat(messages: readonly ChatMessage[], options: RenderOptions): string {
    if (!this.template) throw new ChatTemplateMissingError(this.files.dir);
    return this.template.render(messages, options);
  }

  /** A prompt as ids, at least one. */
  encodePrompt(prompt: PromptInput): number[] {
    const ids = this.promptIds(prompt);
    if (ids.length === 0) throw new PromptInvalidError('expected at least one token, got none');
    return ids;
  }

  /** A response as ids, with its end token unless it was truncated. */
  encodeResponse(response: ResponseInput): number[] {
    const ids =
      response.kind === 'text'
        ? this.encodeLiteral(response.text, 'Response')
        : this.checkedIds(response.ids, 'Response');
    if (ids.length === 0) throw new ResponseEmptyError();
    return response.truncated ? ids : [...ids, this.eosTokenId];
  }

  /**
   * A whole conversation as ids, as reward models read it: the template without a generation prompt, and no special
   * tokens but its own.
   */
  encodeConversation(messages: readonly ChatMessage[]): number[] {
    const ids = this.conversationIds(messages, { addGenerationPrompt: false });
    if (ids.length === 0) throw new PromptInvalidError('expected at least one token, got none');
    return ids;
  }

  /** Two encoded texts as the tokenizer joins a pair, with its special tokens and token types; cross-encoders read it so. */
  joinPair(first: readonly number[], second: readonly number[]): JoinedPair {
    return joinPair(this.tokenizer, this.files.tokenizer, { first, second, dir: this.files.dir });
  }

  /** The library trusts its files; what it makes of broken ones is held against the model here. */
  private idsOf(tokenizer: Tokenizer, text: string, addSpecial: boolean): number[] {
    const { dir } = this.files;
    let ids: unknown[];
    try {
      ids = tokenizer.encode(text, { add_special_tokens: addSpecial }).ids;
    } catch (cause) {
      throw new TokenizerInvalidError(dir, `the tokenizer breaks on a text: ${messageOf(cause)}`, cause);
    }
    for (const id of ids) {
      if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < this.idLimit) continue;
      const got =
        id === undefined ? 'no id for a part of a text' : `the id ${JSON.stringify(id)}, which the model has not`;
      throw new TokenizerInvalidError(dir, `the tokenizer gives ${got.slice(0, 200)}`);
    }
    return ids as number[];
  }

  private promptIds(prompt: PromptInput): number[] {
    switch (prompt.kind) {
      case 'text':
        return this.encode(prompt.text, { addSpecial: true });
      case 'token_ids':
        return this.checkedIds(prompt.ids, 'Prompt');
      case 'conversation':
        requireOpenTurn(prompt.messages);
        return this.conversationIds(prompt.messages, { addGenerationPrompt: true });
      default:
        return prompt satisfies never;
    }
  }

  private conversationIds(messages: readonly ChatMessage[], options: RenderOptions): number[] {
    if (messages.length === 0) throw new PromptInvalidError('expected at least one message, got none');
    messages.forEach(({ role, content }, index) => {
      if (role === '') throw new PromptInvalidError(`message ${index} has no role`);
      requireWellFormed(role, `Prompt, role of message ${index}`);
      requireWellFormed(content, `Prompt, message ${index}`);
    });
    const written = messages.flatMap(({ role, content }) => [role, content]);
    if (written.some((text) => this.control.occurIn(text)))
      return this.maskedConversationIds(messages, written, options);
    return this.encode(this.renderChat(messages, options), { addSpecial: false });
  }

  /** Rendered with the messages' control tokens hidden; then only the template's own are read as such. */
  private maskedConversationIds(
    messages: readonly ChatMessage[],
    written: readonly string[],
    options: RenderOptions,
  ): number[] {
    const mask = this.control.maskFor(written);
    const hidden = messages.map((message) => ({
      ...message,
      role: mask.hide(message.role),
      content: mask.hide(message.content),
    }));
    const rendered = this.renderChat(hidden, options);
    return this.control.split(rendered).flatMap(({ text, isControl }) => {
      if (isControl) return [present(this.tokenizer.token_to_id(text), `control token ${text}`)];
      return this.encodeLiteral(mask.reveal(text), 'Prompt');
    });
  }

  private checkedIds(ids: readonly number[], where: string): number[] {
    const { vocabularySize } = this;
    ids.forEach((id, index) => {
      if (Number.isInteger(id) && id >= 0 && id < vocabularySize) return;
      throw new TokenOutOfRangeError(where, { index, id, vocabularySize });
    });
    return [...ids];
  }
}

/**
 * The files without control tokens that the model has no row for, as of an image in the text-only sibling of a model:
 * their names are then text like any other.
 */
function withinEmbedding(files: TokenizerFiles, rows = Infinity): TokenizerFiles {
  const added_tokens = files.tokenizer.added_tokens.filter(({ id, special }) => !special || id < rows);
  return { ...files, tokenizer: { ...files.tokenizer, added_tokens } };
}

function makeTokenizer(files: TokenizerFiles, tokenizerJson: object): Tokenizer {
  try {
    const tokenizer = new TokenizerClass(tokenizerJson, files.config);
    correctByteFallback(tokenizer);
    correctMetaspace(tokenizer);
    correctLowercase(tokenizer);
    return tokenizer;
  } catch (cause) {
    throw new TokenizerInvalidError(files.dir, `the tokenizer cannot be built: ${messageOf(cause)}`, cause);
  }
}

/** A conversation to be answered ends with a turn of someone else's. */
function requireOpenTurn(messages: readonly ChatMessage[]): void {
  if (messages.at(-1)?.role !== 'assistant') return;
  throw new PromptInvalidError("expected the last message to be someone else's, it is the assistant's");
}

/** A lone surrogate cannot become UTF-8. */
function requireWellFormed(text: string, where: string): void {
  if (!text.isWellFormed()) {
    throw new TextMalformedError(where, 'expected Unicode text, got a UTF-16 surrogate without its other half');
  }
}

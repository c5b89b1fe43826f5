/** @file Tokenizers and chat templates of Hugging Face model folders. */
export { ChatTokenizer, type LoadOptions, type PromptInput, type ResponseInput } from './chat-tokenizer.js';
export { ChatTemplate, type ChatMessage, type RenderOptions } from './chat-template.js';
export type { JoinedPair } from './joined-pair.js';
export { readTokenizerFiles, type SpecialRole, type TokenizerFiles } from './tokenizer-files.js';
export {
  ChatTemplateFailedError,
  ChatTemplateMissingError,
  PromptInvalidError,
  ResponseEmptyError,
  TemplateBoundExceededError,
  TextMalformedError,
  TokenOutOfRangeError,
  TokenizerInvalidError,
} from './tokenizer.errors.js';

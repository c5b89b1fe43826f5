/** @file What a reward model is opened with. Whatever changes a score is part of the model's digest. */

/** What happens to an input that exceeds the model's window; nothing is ever cut without being asked for. */
export type Truncation = 'refuse' | 'left' | 'right';
/** What is made of the label's logit. `softmax` runs over all labels. */
export type Activation = 'none' | 'sigmoid' | 'softmax';

export interface ClassifierSettings {
  /** The label whose logit is the score: its name in config.json, or its number. Needed where there are several. */
  readonly label?: string | number | undefined;
  /** @default 'none': the raw logit, as preference models are trained with */
  readonly activation?: Activation | undefined;
  /** @default 'refuse' */
  readonly truncation?: Truncation | undefined;
  /** Longest input in tokens, at most the model's own window. @default the model's own window */
  readonly tokensMax?: number | undefined;
  /** Threads that share one kernel; part of what decides the last bits. @default 1 */
  readonly intraOpThreads?: number | undefined;
  /** @default 'cpu' */
  readonly executionProvider?: string | undefined;
}

export interface LmClassifierSpec extends ClassifierSettings {
  readonly kind: 'lm-classifier';
  /** Hugging Face folder of a `…ForSequenceClassification` model with its tokenizer and chat template. */
  readonly path: string;
}

export interface OnnxClassifierSpec extends ClassifierSettings {
  readonly kind: 'onnx-classifier';
  /** Folder with the .onnx file, tokenizer.json and, where there is one, config.json. */
  readonly path: string;
  /** The .onnx file within the folder. @default 'model.onnx' */
  readonly file?: string | undefined;
  /** `pair`: (prompt, response) as a cross-encoder reads them; `chat`: the rendered chat template. @default 'pair' */
  readonly input?: 'pair' | 'chat' | undefined;
  /** Output of the graph that holds the logits, [batch, labels]. @default 'logits', or the only one */
  readonly output?: string | undefined;
}

export type RewardModelSpec = LmClassifierSpec | OnnxClassifierSpec;

/** @file Classifiers as they are configured, and as #ml/reward-models opens them. */
import type { Activation, RewardModelSpec, Truncation } from '#ml/reward-models';

interface ClassifierFields {
  /** Absolute path of the model's folder. */
  readonly path: string;
  /** The label whose logit is the score, by name or number. */
  readonly label?: string | number | undefined;
  readonly activation?: Activation | undefined;
  readonly truncation?: Truncation | undefined;
  readonly max_tokens?: number | undefined;
  /** Threads that share one kernel. @default 1 */
  readonly threads?: number | undefined;
}

export type ClassifierBackendSpec =
  | ({ readonly backend: 'lm-classifier' } & ClassifierFields)
  | ({
      readonly backend: 'onnx-classifier';
      readonly file?: string | undefined;
      readonly input?: 'pair' | 'chat' | undefined;
      readonly output?: string | undefined;
    } & ClassifierFields);

export function toRewardModelSpec(spec: ClassifierBackendSpec): RewardModelSpec {
  const { path, label, activation, truncation, max_tokens: tokensMax, threads: intraOpThreads } = spec;
  const settings = { path, label, activation, truncation, tokensMax, intraOpThreads };
  if (spec.backend === 'lm-classifier') return { kind: spec.backend, ...settings };
  const { file, input, output } = spec;
  return { kind: spec.backend, ...settings, file, input, output };
}

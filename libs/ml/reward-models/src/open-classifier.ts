/** @file Opens a reward model in the thread that calls it. */
import type { Classifier } from './classifier.js';
import { LmClassifier } from './lm-classifier.js';
import { OnnxClassifier } from './onnx-classifier.js';
import type { RewardModelSpec } from './settings.js';

export async function openClassifier(spec: RewardModelSpec): Promise<Classifier> {
  switch (spec.kind) {
    case 'lm-classifier':
      return LmClassifier.open(spec);
    case 'onnx-classifier':
      return OnnxClassifier.open(spec);
    default:
      return spec satisfies never;
  }
}

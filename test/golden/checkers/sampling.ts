/** @file Kind `sampling`: the distribution that a token is drawn from, against transformers' logits warpers. */
import { keptDistribution } from '#ml/generate';
import type { Checker } from '../checker.js';
import type { AbsTolerance } from '../measurement.js';

interface Content {
  readonly tolerance: { readonly probabilities: AbsTolerance };
  readonly cases: readonly {
    readonly logits: string;
    readonly settings: {
      readonly temperature: number;
      readonly top_k?: number;
      readonly top_p?: number;
      readonly min_p?: number;
    };
    readonly kept: readonly number[];
    readonly probabilities: readonly number[];
    readonly same_support_in_float32: boolean;
  }[];
}

export const checkSampling: Checker = async (golden, measure) => {
  const { tolerance, cases } = golden.as<Content>();
  const logits = await golden.tensors('logits.safetensors');
  for (const { logits: row, settings, kept, probabilities, same_support_in_float32: isFirm } of cases) {
    const part = `${row} ${JSON.stringify(settings)}`;
    const { data } = logits.f32(row);
    const found = keptDistribution(data, {
      temperature: settings.temperature,
      topK: settings.top_k ?? 0,
      topP: settings.top_p ?? 1,
      minP: settings.min_p ?? 0,
    });
    const isBorderTied = hasTieAtBorder(data, kept);
    // Where a border falls within float32's rounding, the set itself is not firm.
    if (isFirm && !isBorderTied) measure.exact('kept', part, [...found.ids], kept);
    if (isFirm) measure.exact('kept count', part, found.ids.length, kept.length);
    if (isFirm || found.ids.length === kept.length) {
      measure.close(
        'probabilities',
        part,
        descending(found.probabilities),
        descending(probabilities),
        tolerance.probabilities,
      );
    }
  }
};

/** True when a dropped logit equals a kept one: which of them stays is the sort's choice. */
function hasTieAtBorder(logits: Float32Array, kept: readonly number[]): boolean {
  const ids = new Set(kept);
  const least = Math.min(...kept.map((id) => logits[id] ?? Number.NaN));
  return logits.some((logit, id) => logit === least && !ids.has(id));
}

function descending(numbers: ArrayLike<number>): number[] {
  return Array.from(numbers).sort((a, b) => b - a);
}

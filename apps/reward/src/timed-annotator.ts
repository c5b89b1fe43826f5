/** @file An annotator that tells the metrics where the time of its calls goes. */
import { systemClock } from '#core';
import { recordDuration } from '#platform/telemetry';
import type { Annotator } from './domain/annotator.js';

export function timedAnnotator(annotator: Annotator): Pick<Annotator, 'annotate'> {
  return {
    annotate: async (command, signal) => {
      const startMs = systemClock.monotonicMs();
      const result = await annotator.annotate(command, signal);
      const { rewardModel } = result.provenance;
      const parts = {
        queue: result.queueMs,
        tokenize: result.tokenizeMs,
        compute: result.computeMs,
        total: systemClock.monotonicMs() - startMs,
      };
      for (const [phase, ms] of Object.entries(parts))
        recordDuration('rewardPhaseDuration', ms, { rewardModel, phase });
      return result;
    },
  };
}

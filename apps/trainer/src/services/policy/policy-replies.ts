/** @file Reads what the policy service answers, and refuses what contradicts the contract. */
import type {
  ComputeGradientResponse__Output,
  GenerateResponsesResponse__Output,
  ItemStatistics__Output,
  Sample__Output,
  ScoreResponsesResponse__Output,
} from '#contracts/policy';
import type { ItemFailure } from '../../domain/ports/outcomes.js';
import type {
  Finish,
  GenerateResult,
  GenerateUnit,
  GradientResult,
  GradientUnit,
  RowStatistics,
  Sample,
  ScoreResult,
  ScoreUnit,
} from '../../domain/ports/policy-port.js';
import { ServiceReplyInvalidError } from '../../domain/ports/ports.errors.js';
import { TensorAssembly, checkItems, outcomeOf } from '../wire.js';

export function readScores(unit: ScoreUnit, { items }: ScoreResponsesResponse__Output): ScoreResult {
  checkItems('policy', unit.items, items);
  return items.map(({ status, responses }) =>
    outcomeOf(status, () =>
      responses.map((response) =>
        outcomeOf(response.status, () => ({ sums: response.logProbSums, tokenCount: response.tokenCount })),
      ),
    ),
  );
}

export async function readGenerated(
  unit: GenerateUnit,
  stream: AsyncIterable<GenerateResponsesResponse__Output>,
): Promise<GenerateResult> {
  const samples = new Map<string, Sample[]>(unit.items.map(({ itemId }) => [itemId, []]));
  const failures = new Map<string, ItemFailure>();
  let isComplete = false;
  for await (const { event, sample, failure, usage } of stream) {
    if (event === 'sample' && sample) {
      const list = samples.get(sample.itemId);
      if (!list) throw new ServiceReplyInvalidError('policy', 'samples of items of the unit', sample.itemId);
      list[sample.sampleIndex] = sampleOf(sample);
    } else if (event === 'failure' && failure) {
      const { reason = 'UNKNOWN', message = '' } = failure.status ?? {};
      failures.set(failure.itemId, { reason, message });
    } else if (usage) {
      isComplete = true;
    }
  }
  if (!isComplete) throw new ServiceReplyInvalidError('policy', 'a stream that ends with its usage', 'none');
  return unit.items.map(({ itemId }) => {
    const failure = failures.get(itemId);
    if (failure) return { ok: false, failure };
    const value = samples.get(itemId) ?? [];
    // A hole in the list would mean that a sample was never sent.
    const count = value.filter(() => true).length;
    if (count === unit.samplesPerPrompt) return { ok: true, value };
    throw new ServiceReplyInvalidError('policy', `${unit.samplesPerPrompt} samples of ${itemId}`, String(count));
  });
}

const FINISHES: Readonly<Record<string, Finish>> = {
  FINISH_REASON_STOP_TOKEN: 'stop_token',
  FINISH_REASON_STOP_TEXT: 'stop_text',
  FINISH_REASON_LENGTH: 'length',
};

function sampleOf({ tokenIds, text, logProbSum, finishReason }: Sample__Output): Sample {
  const finish = FINISHES[finishReason];
  if (!finish) throw new ServiceReplyInvalidError('policy', 'a finish reason', finishReason);
  return { tokenIds: tokenIds?.ids ?? [], text, logProbSum, finish };
}

export async function readGradient(
  unit: GradientUnit,
  stream: AsyncIterable<ComputeGradientResponse__Output>,
): Promise<GradientResult> {
  let opened: { statistics: RowStatistics[]; lossSum: number; assembly: TensorAssembly } | undefined;
  for await (const { event, summary, chunk } of stream) {
    if (event === 'summary' && summary) {
      checkItems('policy', unit.items, summary.items);
      const statistics = summary.items.map(statisticsOf);
      opened = { statistics, lossSum: summary.lossSum, assembly: new TensorAssembly('policy', summary.tensors) };
    } else if (chunk) {
      if (!opened) throw new ServiceReplyInvalidError('policy', 'a summary before chunks', 'a chunk');
      opened.assembly.add(chunk);
    }
  }
  if (!opened) throw new ServiceReplyInvalidError('policy', 'a summary', 'an empty stream');
  const { statistics, lossSum, assembly } = opened;
  return { statistics, lossSum, gradients: assembly.finish() };
}

/** proto-loader leaves absent optional numbers out; a member must be there only where the service sent it. */
function statisticsOf(item: ItemStatistics__Output): RowStatistics {
  const { itemId, ellOff, ellOn, score, weight, loss } = item;
  return {
    itemId,
    ...(isGiven(ellOff) && { ellOff }),
    ...(isGiven(ellOn) && { ellOn }),
    ...(isGiven(score) && { score }),
    weight,
    loss,
  };
}

function isGiven(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

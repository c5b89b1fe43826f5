/** @file What became of a row, for programs: snake_case, numbers as numbers, times in ISO 8601, spans in milliseconds. */
import type {
  GateExplanation__Output,
  PairExplanation__Output,
  PairUse__Output,
  PinnedRewardModel__Output,
  SampleExplanation__Output,
  UnitTrace__Output,
} from '#contracts/trainer';
import { fromDuration, fromTimestamp } from '#platform/rpc';

type Json = Readonly<Record<string, unknown>>;

/** One JSON object. */
export function explanationJson(explanation: PairExplanation__Output): string {
  const { offlinePair, gate, samples, rewardModel, uses, units, gaps } = explanation;
  return JSON.stringify({
    run_id: explanation.runId,
    item_id: explanation.itemId,
    iteration: explanation.iteration,
    fate: enumName(explanation.fate, 'ROW_FATE_'),
    fate_reason: explanation.fateReason,
    offline_pair: offlinePair,
    gate: gate && gateJson(gate),
    samples: samples.map(sampleJson),
    reward_model: rewardModel && pinnedJson(rewardModel),
    backfilled: explanation.backfilled,
    moved: explanation.moved,
    offline_only: explanation.offlineOnly,
    uses: uses.map(useJson),
    units: units.map(unitJson),
    gaps,
  });
}

/** `ROW_FATE_PAIRED` → `paired`. */
export function enumName(value: string, prefix: string): string {
  return value.replace(prefix, '').toLowerCase();
}

function gateJson(gate: GateExplanation__Output): Json {
  const { weight = null, draw = null, metaLearnerVersion } = gate;
  return {
    kind: gate.kind,
    score: gate.score,
    ell_off: gate.ellOff,
    weight,
    draw,
    sampled: gate.sampled,
    meta_learner_version: metaLearnerVersion === undefined ? null : Number(metaLearnerVersion),
  };
}

function sampleJson(sample: SampleExplanation__Output): Json {
  const { score = null, provenance } = sample;
  return {
    index: sample.index,
    text: sample.text,
    token_count: sample.tokenCount,
    log_prob_sum: sample.logProbSum,
    finish: sample.finish,
    score,
    source: enumName(sample.source, 'SCORE_SOURCE_'),
    role: enumName(sample.role, 'SAMPLE_ROLE_'),
    reason: sample.reason,
    provenance: provenance && {
      reward_model: provenance.rewardModel,
      epoch: Number(provenance.epoch),
      backend: provenance.backend,
      weights_digest: provenance.weightsDigest,
      tokenizer_digest: provenance.tokenizerDigest,
      template_digest: provenance.templateDigest,
      execution_provider: provenance.executionProvider,
      dtype: provenance.dtype,
      truncation: provenance.truncation,
      service_version: provenance.serviceVersion,
    },
  };
}

function pinnedJson({ rewardModel, epoch, weightsDigest, decideTime }: PinnedRewardModel__Output): Json {
  return {
    reward_model: rewardModel,
    epoch: Number(epoch),
    weights_digest: weightsDigest,
    decide_time: decideTime ? new Date(fromTimestamp(decideTime)).toISOString() : null,
  };
}

function useJson(use: PairUse__Output): Json {
  const { score = null, ellOff = null, ellOn = null } = use;
  return {
    phase: use.phase,
    iteration: use.iteration,
    step: use.step,
    learning_rate: use.learningRate,
    weight: use.weight,
    score,
    ell_off: ellOff,
    ell_on: ellOn,
    loss: use.loss,
    adapter_digest: use.adapterDigest,
  };
}

function unitJson({ phase, unit, traceId, elapsed }: UnitTrace__Output): Json {
  return { phase, unit, trace_id: traceId, elapsed_ms: elapsed ? fromDuration(elapsed) : null };
}

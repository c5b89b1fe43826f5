/** @file What is known of a row, as `TrainerService` tells it. */
import type { Provenance } from '#contracts/reward';
import type {
  ExplainPairResponse,
  GateExplanation,
  PairExplanation,
  RowFate,
  SampleExplanation,
  SampleRole,
  ScoreSource,
} from '#contracts/trainer';
import { toDuration, toTimestamp } from '#platform/rpc';
import type {
  GateFacts,
  RowExplanation,
  RowFateName,
  SampleFacts,
  ScoreSourceName,
} from './domain/explain/row-explanation.js';

const FATES: { readonly [Fate in RowFateName]: RowFate } = {
  pending: 'ROW_FATE_PENDING',
  unscored: 'ROW_FATE_UNSCORED',
  ungated: 'ROW_FATE_UNGATED',
  unsampled: 'ROW_FATE_UNSAMPLED',
  lost: 'ROW_FATE_LOST',
  paired: 'ROW_FATE_PAIRED',
  tied: 'ROW_FATE_TIED',
  invalid: 'ROW_FATE_INVALID',
};

const SOURCES: { readonly [Source in ScoreSourceName]: ScoreSource } = {
  paid: 'SCORE_SOURCE_PAID',
  ledger: 'SCORE_SOURCE_LEDGER',
  earlier_row: 'SCORE_SOURCE_EARLIER_ROW',
};

const ROLES: { readonly [Role in NonNullable<SampleFacts['role']>]: SampleRole } = {
  chosen: 'SAMPLE_ROLE_CHOSEN',
  rejected: 'SAMPLE_ROLE_REJECTED',
};

export function toExplainResponse(row: RowExplanation): ExplainPairResponse {
  return { explanation: toExplanation(row) };
}

/** As the wire has it: what a program prints that explains a row without a service. */
export function toExplanation(row: RowExplanation): PairExplanation {
  const { gate, rewardModel } = row;
  return {
    runId: row.runId,
    itemId: row.itemId,
    iteration: row.iteration,
    fate: FATES[row.fate],
    fateReason: row.fateReason,
    offlinePair: row.offlinePair ?? null,
    gate: gate ? toGate(gate) : null,
    samples: row.samples.map(toSample),
    rewardModel: rewardModel
      ? {
          rewardModel: rewardModel.name,
          epoch: rewardModel.epoch,
          weightsDigest: rewardModel.weightsDigest,
          decideTime: toTimestamp(rewardModel.timeMs),
        }
      : null,
    backfilled: row.isBackfilled,
    moved: row.isMoved,
    offlineOnly: row.isOfflineOnly,
    uses: row.uses.map((use) => ({ ...use })),
    units: row.units.map(({ elapsedMs, ...unit }) => ({ ...unit, elapsed: toDuration(elapsedMs) })),
    gaps: [...row.gaps],
  };
}

function toSample({ source, role, provenance, ...facts }: SampleFacts): SampleExplanation {
  return {
    ...facts,
    source: source ? SOURCES[source] : 'SCORE_SOURCE_UNSPECIFIED',
    role: role ? ROLES[role] : 'SAMPLE_ROLE_UNSPECIFIED',
    provenance: provenance === undefined ? null : (JSON.parse(provenance) as Provenance),
  };
}

function toGate({ metaLearnerVersion: version, ...facts }: GateFacts): GateExplanation {
  return version === undefined ? facts : { ...facts, metaLearnerVersion: String(version) };
}

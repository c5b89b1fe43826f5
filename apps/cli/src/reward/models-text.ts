/** @file Reward models as lines for people and for programs. */
import type { RewardModel__Output } from '#contracts/reward';
import { textTable } from '../terminal/text-table.js';
import type { ChangedReplica } from './change-replicas.js';
import { shortDigest } from './slots.js';

/** `vader sha256:1a2b3c4d5e6f`. */
export function modelText({ provenance }: Pick<RewardModel__Output, 'provenance'>): string {
  return provenance ? `${provenance.backend} ${shortDigest(provenance.weightsDigest)}` : 'a model that tells nothing';
}

export function rangeText({ scoreMin, scoreMax }: RewardModel__Output): string {
  if (scoreMin === undefined && scoreMax === undefined) return '';
  return `${scoreMin ?? '-∞'} to ${scoreMax ?? '∞'}`;
}

/** A line per model; ends with a line break. */
export function modelsTable(models: readonly RewardModel__Output[]): string {
  const rows = models.map((model) => [
    model.rewardModel,
    model.provenance?.backend ?? '',
    shortDigest(model.provenance?.weightsDigest ?? ''),
    rangeText(model),
    model.provenance?.epoch ?? '',
  ]);
  return textTable([['name', 'backend', 'digest', 'range', 'epoch'], ...rows], { leftCount: 4 });
}

export function stateName(state: string): string {
  return state.replace(/^REWARD_MODEL_STATE_/, '').toLowerCase();
}

/** Members of a JSON object. */
export function modelJson(model: RewardModel__Output): Readonly<Record<string, unknown>> {
  const { rewardModel, state, provenance, scoreMin = null, scoreMax = null } = model;
  return {
    reward_model: rewardModel,
    state: stateName(state),
    epoch: Number(provenance?.epoch ?? '0'),
    backend: provenance?.backend ?? '',
    weights_digest: provenance?.weightsDigest ?? '',
    tokenizer_digest: provenance?.tokenizerDigest ?? '',
    template_digest: provenance?.templateDigest ?? '',
    execution_provider: provenance?.executionProvider ?? '',
    dtype: provenance?.dtype ?? '',
    truncation: provenance?.truncation ?? '',
    service_version: provenance?.serviceVersion ?? '',
    score_min: scoreMin,
    score_max: scoreMax,
  };
}

/** What a change made of each replica: one line of JSON each, or the headline and, where there are several, a line each. */
export function changedText(
  changed: readonly ChangedReplica[],
  { json = false, headline }: { readonly json?: boolean | undefined; readonly headline: string },
): string {
  if (json) {
    return changed.map(({ address, model }) => `${JSON.stringify({ address, ...modelJson(model) })}\n`).join('');
  }
  const lines = changed.length > 1 ? changed.map(({ address }) => `  ${address}: done\n`) : [];
  return `${headline}\n${lines.join('')}`;
}

/** @file What stands behind a name and what happened to it, for people and for programs. */
import type { RewardModelEvent__Output } from '#contracts/reward';
import { fromTimestamp } from '#platform/rpc';
import { count } from '#report';
import { oneLine } from '../terminal/one-line.js';
import { textTable } from '../terminal/text-table.js';
import { modelJson, rangeText } from './models-text.js';
import { digestIn, epochOf, shortDigest, type Slots, type Version } from './slots.js';
import { reportJson } from './swap-report-json.js';

interface Where {
  readonly address: string;
  readonly rewardModel: string;
}

const HEAD = ['slot', 'backend', 'digest', 'range', 'epoch', 'responses', 'calls', 'spec'];

/** Ends with a line break. */
export function slotsText({ address, rewardModel }: Where, slots: Slots): string {
  const { live, staged, warm, told } = slots;
  const rows = [
    ...(live ? [rowOf('in service', live)] : []),
    ...(staged ? [rowOf(isShadowing(staged) ? 'shadowing' : 'staged', staged)] : []),
    ...warm.map((version) => rowOf('warm', version)),
  ];
  const limits = told.swapLimitsJson === '' ? 'none' : told.swapLimitsJson;
  const state = told.stateDurable
    ? 'outlives a restart'
    : 'forgotten at a restart: the service has no REWARD_STATE_PATH';
  const parts = [
    `${rewardModel} at ${address}\n`,
    tableWithSpecs(rows),
    ...(staged && isShadowing(staged) ? [shadowText(staged)] : []),
    `limits of swaps: ${limits}\nstate: ${state}\n`,
    historyText(told.events),
  ];
  return parts.join('');
}

function isShadowing(version: Version): boolean {
  return version.rewardModel?.state === 'REWARD_MODEL_STATE_SHADOWING';
}

function rowOf(slot: string, version: Version): readonly string[] {
  const epoch = epochOf(version);
  return [
    slot,
    version.rewardModel?.provenance?.backend ?? '',
    shortDigest(digestIn(version)),
    version.rewardModel ? rangeText(version.rewardModel) : '',
    epoch === 0 ? '' : String(epoch),
    count(Number(version.responseCount)),
    count(Number(version.activeCallCount)),
    oneLine(version.specJson),
  ];
}

/** The specs stand at the right and are as long as they are; so they are no part of the table's widths. */
function tableWithSpecs(rows: readonly (readonly string[])[]): string {
  const all = [HEAD, ...rows];
  const lines = textTable(
    all.map((row) => row.slice(0, -1)),
    { leftCount: 4 },
  ).split('\n');
  return all.map((row, index) => `${lines[index] ?? ''}  ${row.at(-1) ?? ''}\n`).join('');
}

function shadowText({ trafficFraction, shadowResponseCount, shadowDroppedCount, shadowFailedCount }: Version): string {
  const share = `${Math.round(trafficFraction * 1000) / 10} %`;
  const [kept, dropped, failed] = [shadowResponseCount, shadowDroppedCount, shadowFailedCount].map((n) =>
    count(Number(n)),
  );
  return `shadow: ${share} of live items; ${kept} responses at hand for a report, ${dropped} dropped, ${failed} failed\n`;
}

const KIND_PREFIX = /^REWARD_MODEL_EVENT_KIND_/;

function historyText(events: readonly RewardModelEvent__Output[]): string {
  if (events.length === 0) return 'history: none\n';
  const rows = events.map((event) => {
    const { epoch, weightsDigest, requester, reason, forced } = event;
    const by = requester === '' ? '' : `by ${requester}`;
    return [
      timeOf(event)
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ''),
      `${kindOf(event)}${forced ? ' by force' : ''}`,
      epoch === '0' ? '' : `epoch ${epoch}`,
      shortDigest(weightsDigest),
      oneLine([by, reason].filter(Boolean).join(': ')),
    ];
  });
  const table = textTable(rows, { leftCount: 5 }).replace(/^(?=.)/gm, '  ');
  return `history (UTC), oldest first:\n${table}`;
}

const kindOf = ({ kind }: RewardModelEvent__Output): string =>
  kind.replace(KIND_PREFIX, '').toLowerCase().replaceAll('_', ' ');

const timeOf = ({ eventTime }: RewardModelEvent__Output): string =>
  eventTime ? new Date(fromTimestamp(eventTime)).toISOString() : '';

/** One JSON object. */
export function slotsJson({ address, rewardModel }: Where, { live, staged, warm, told }: Slots): string {
  return JSON.stringify({
    address,
    reward_model: rewardModel,
    live: live ? versionJson(live) : null,
    staged: staged ? versionJson(staged) : null,
    warm: warm.map(versionJson),
    swap_limits: jsonOrNull(told.swapLimitsJson),
    state_durable: told.stateDurable,
    events: told.events.map(eventJson),
  });
}

function versionJson(version: Version): Readonly<Record<string, unknown>> {
  return {
    ...(version.rewardModel && modelJson(version.rewardModel)),
    spec: jsonOrNull(version.specJson),
    response_count: Number(version.responseCount),
    active_call_count: Number(version.activeCallCount),
    may_bill: version.mayBill,
    traffic_fraction: version.trafficFraction,
    shadow_response_count: Number(version.shadowResponseCount),
    shadow_dropped_count: Number(version.shadowDroppedCount),
    shadow_failed_count: Number(version.shadowFailedCount),
  };
}

function eventJson(event: RewardModelEvent__Output): Readonly<Record<string, unknown>> {
  return {
    event: kindOf(event).replaceAll(' ', '_'),
    time: timeOf(event),
    epoch: Number(event.epoch),
    weights_digest: event.weightsDigest,
    spec: jsonOrNull(event.specJson),
    requester: event.requester,
    reason: event.reason,
    forced: event.forced,
    report: event.report ? reportJson(event.report) : null,
    swap_limits: jsonOrNull(event.swapLimitsJson),
    request_id: event.requestId,
  };
}

/** What a service sends as JSON; a text that is none stays a text. */
function jsonOrNull(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

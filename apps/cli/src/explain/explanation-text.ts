/** @file What became of a row, as a story for people: gate, samples with who scored them, pair, weight at each use, traces. */
import type {
  GateExplanation__Output,
  PairExplanation__Output,
  PairUse__Output,
  SampleExplanation__Output,
  UnitTrace__Output,
} from '#contracts/trainer';
import { fromDuration, fromTimestamp } from '#platform/rpc';
import { duration, fixed } from '#report';
import { clipped } from '../terminal/clipped.js';
import { textTable } from '../terminal/text-table.js';
import { enumName } from './explanation-json.js';

const INDENT = '  ';

/** Ends with a line break. */
export function explanationText(explanation: PairExplanation__Output, columnCount: number): string {
  const { runId, itemId, iteration, offlinePair, gate, uses, units, gaps } = explanation;
  const parts = [
    `${itemId} of ${runId}, iteration ${iteration + 1}: ${fateText(explanation)}\n`,
    offlinePair
      ? [
          labelled('prompt', offlinePair.prompt, columnCount),
          labelled('chosen', offlinePair.chosen, columnCount),
          labelled('rejected', offlinePair.rejected, columnCount),
        ].join('')
      : '',
    gate ? gateText(gate) : 'gate: the row was not scored yet\n',
    samplesText(explanation, columnCount),
    usesText(uses),
    unitsText(units),
    gaps.map((gap) => `cannot be told: ${gap}\n`).join(''),
  ];
  return parts.join('');
}

const FATES: Readonly<Record<string, string>> = {
  pending: 'the run has not come that far',
  unscored: 'left out, it could not be scored',
  ungated: 'left out, its score is not finite',
  unsampled: 'not sampled, the gate found its offline pair good enough',
  lost: 'chosen by the gate and not annotated',
  paired: 'its best and its worst response became a pair',
  tied: 'no online pair, its responses are equal in reward or text',
  invalid: 'no online pair, fewer than two responses were annotated',
};

function fateText({ fate, fateReason, backfilled, moved, offlineOnly }: PairExplanation__Output): string {
  const name = enumName(fate, 'ROW_FATE_');
  const reason = fateReason === '' ? '' : ` (${fateReason})`;
  const later = backfilled ? '; lost at first, annotated at the end of the iteration' : '';
  const by = moved ? '; by another reward model than its iteration began with, which was gone' : '';
  const alone = offlineOnly ? '; trained on with its offline pair alone' : '';
  return `${FATES[name] ?? name}${reason}${later}${by}${alone}`;
}

const LABEL_WIDTH = 10;

function labelled(label: string, text: string, columnCount: number): string {
  const lines = clipped(text, columnCount - LABEL_WIDTH - INDENT.length);
  return lines
    .map((line, index) => `${INDENT}${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

function gateText({ kind, score, ellOff, weight, draw, sampled, metaLearnerVersion }: GateExplanation__Output): string {
  const decision =
    weight === undefined || draw === undefined ? '' : `, w = ${fixed(weight, 4)} against u = ${fixed(draw, 4)}`;
  const version = metaLearnerVersion === undefined ? '' : `, meta-learner version ${metaLearnerVersion}`;
  const verdict = sampled ? 'fresh responses' : 'no fresh responses';
  return `gate ${kind}: s = ${fixed(score, 4)}, ℓ_off = ${fixed(ellOff, 4)}${decision}${version}: ${verdict}\n`;
}

function samplesText({ samples, rewardModel }: PairExplanation__Output, columnCount: number): string {
  const pinned = rewardModel ? `reward model: ${pinnedText(rewardModel)}\n` : '';
  if (samples.length === 0) return pinned;
  const head = ['sample', 'part', 'by', 'paid', 'finish', 'reward', 'log prob', 'tokens'];
  const table = textTable([head, ...samples.map(sampleRow)], { leftCount: 5 }).split('\n');
  const width = columnCount - 2 * INDENT.length;
  const lines = samples.flatMap(({ text }, index) => [
    table[index + 1] ?? '',
    ...clipped(text, width).map((line) => `${INDENT}${line}`),
  ]);
  return `${pinned}${[table[0] ?? '', ...lines].map((line) => `${INDENT}${line}`.trimEnd()).join('\n')}\n`;
}

function pinnedText({
  rewardModel,
  epoch,
  weightsDigest,
  decideTime,
}: NonNullable<PairExplanation__Output['rewardModel']>): string {
  const since = decideTime ? `, decided ${new Date(fromTimestamp(decideTime)).toISOString()}` : '';
  return `${rewardModel} epoch ${epoch}, ${short(weightsDigest)}${since}`;
}

const SHORT_LENGTH = 'sha256:'.length + 12;
const short = (digest: string): string => digest.slice(0, SHORT_LENGTH);

const SOURCES: Readonly<Record<string, string>> = {
  unspecified: '',
  paid: 'by this row',
  ledger: 'before',
  earlier_row: 'by an earlier row',
};

function sampleRow(sample: SampleExplanation__Output): readonly string[] {
  const { index, score, provenance, reason, logProbSum, tokenCount, finish } = sample;
  const role = enumName(sample.role, 'SAMPLE_ROLE_');
  return [
    String(index),
    role === 'unspecified' ? reason : role,
    provenance ? `${provenance.backend} epoch ${provenance.epoch}, ${short(provenance.weightsDigest)}` : '',
    SOURCES[enumName(sample.source, 'SCORE_SOURCE_')] ?? '',
    finish,
    score === undefined ? '–' : fixed(score, 4),
    fixed(logProbSum, 2),
    String(tokenCount),
  ];
}

function usesText(uses: readonly PairUse__Output[]): string {
  if (uses.length === 0) return 'uses: no optimizer step saw it\n';
  const figure = (value: number | undefined): string => (value === undefined ? '–' : fixed(value, 4));
  const rows = uses.map(({ phase, iteration, step, weight, score, ellOff, ellOn, loss }) => [
    phase,
    String(iteration + 1),
    String(step + 1),
    ...[weight, score, ellOff, ellOn, loss].map(figure),
  ]);
  const table = textTable([['use', 'iteration', 'step', 'w', 's', 'ℓ_off', 'ℓ_on', 'loss'], ...rows]);
  return indented(table);
}

function unitsText(units: readonly UnitTrace__Output[]): string {
  if (units.length === 0) return '';
  const rows = units.map(({ phase, unit, traceId, elapsed }) => [
    phase,
    traceId === '' ? 'none, tracing was off' : traceId,
    String(unit),
    elapsed ? duration(fromDuration(elapsed)) : '–',
  ]);
  return indented(textTable([['unit of', 'trace', 'number', 'time'], ...rows], { leftCount: 2 }));
}

const indented = (table: string): string => table.replace(/^(?=.)/gm, INDENT);

/** @file What a training came to, for people and for programs. */
import { join } from 'node:path';
import { fixed, percent } from '#report';
import type { Terminal } from '../terminal/terminal.js';
import type { RewardTrainingPlan } from './training-plan.js';
import { REPORT_PAGE, type TrainingReport } from './training-report.js';

export interface TellTrainingOptions {
  readonly terminal: Terminal;
  /** One event for programs instead of text. */
  readonly json: boolean;
  /** True when the training had ended before; nothing was done. */
  readonly wasFinished: boolean;
}

export function tellTraining(plan: RewardTrainingPlan, report: TrainingReport, options: TellTrainingOptions): void {
  const { terminal, json, wasFinished } = options;
  const places = {
    model: join(plan.runDirectory, 'model'),
    report: join(plan.runDirectory, REPORT_PAGE),
  };
  if (json) return terminal.out(`${resultJson(report, places, wasFinished)}\n`);
  if (wasFinished) terminal.out(`${plan.config.name} was trained before: nothing to do\n`);
  const savesAdapter = plan.config.model.training === 'lora' && plan.config.storage.save_adapter;
  const lines = [
    ...figureLines(report),
    ...report.figures.warnings.map((warning) => `note: ${warning}`),
    `model: ${places.model}`,
    ...(savesAdapter ? [`adapter: ${join(plan.runDirectory, 'adapter')}`] : []),
    `report: ${places.report}`,
  ];
  terminal.out(`\n${lines.join('\n')}\n`);
}

function figureLines({ figures: { before, after, longerChosen } }: TrainingReport): string[] {
  const { accuracy, logLoss, brier, calibrationError, difference } = after;
  const within = ({ low, high }: { readonly low: number; readonly high: number }) =>
    `${fixed(low, 3)} to ${fixed(high, 3)}`;
  return [
    `held-out pairs     ${accuracy.total}`,
    `accuracy           ${percent(accuracy.share)} (95 %: ${percent(accuracy.low)} to ${percent(accuracy.high)}), before ${percent(before.accuracy.share)}, the longer one ${percent(longerChosen.share)}`,
    `log loss           ${fixed(logLoss.value, 3)} (${within(logLoss)}), before ${fixed(before.logLoss.value, 3)}`,
    `Brier score        ${fixed(brier.value, 3)} (${within(brier)}), before ${fixed(before.brier.value, 3)}`,
    `calibration error  ${fixed(calibrationError.value, 3)} (${within(calibrationError)})`,
    `difference         ${fixed(difference.mean, 3)} ± ${fixed(difference.std, 3)}`,
  ];
}

function resultJson(
  { digests, figures }: TrainingReport,
  places: { readonly model: string; readonly report: string },
  wasFinished: boolean,
): string {
  const { accuracy, logLoss } = figures.after;
  return JSON.stringify({
    event: 'result',
    ...places,
    model_digest: digests['model'],
    held_out_pairs: accuracy.total,
    accuracy: accuracy.share,
    accuracy_low: accuracy.low,
    accuracy_high: accuracy.high,
    log_loss: logLoss.value,
    was_finished: wasFinished,
  });
}

/**
 * @file What there is to tell of a run's money and of the prompts it lost: live, for those who watch, and in the report.
 *
 * A report's forecast is made of what was known when an iteration's gate had chosen, and not of the moment at which it was
 * computed; so it is the same at any concurrency and after any restart.
 */
import type { LossReport, GateEvent, SpendingForecast, SpendingReport } from '#report';
import type { RunConfig } from '#run-config';
import { gateEvents, type GateState } from '../degrade/gate-events.js';
import { lossReport, type ChosenRow } from '../degrade/row-losses.js';
import type { Figures } from '../run/run-events.js';
import { forecast, type Forecast } from './forecast.js';

export interface SpendingStoryOptions {
  readonly budget: RunConfig['budget'];
  readonly limit: number | undefined;
  readonly samplesPerPrompt: number;
  readonly rowCount: number;
}

/** An iteration that has ended. */
export interface IterationStory {
  readonly iteration: number;
  /** Spent when it began. */
  readonly spentBefore: number;
  /** Rows that its gate decided about. */
  readonly gatedRows: number;
  /** Rows of the iterations that follow. */
  readonly laterRows: number;
  readonly chosen: readonly ChosenRow[];
  readonly states: readonly GateState[];
}

export class SpendingStory {
  private readonly forecasts: SpendingForecast[] = [];
  private readonly chosen: ChosenRow[] = [];
  private readonly states: GateState[] = [];
  /** Rows that the gate has decided about; those of the iteration under way are counted as they come. */
  private gatedRows = 0;
  private chosenRows = 0;
  private annotatedPrompts = 0;
  private closedPrompts = 0;
  /** As they were when the iteration under way began. */
  private before = { gatedRows: 0, annotatedPrompts: 0 };

  constructor(private readonly options: SpendingStoryOptions) {}

  /** The gate of the iteration under way has decided about one more row. */
  gated(isChosen: boolean): void {
    this.gatedRows += 1;
    if (isChosen) this.chosenRows += 1;
  }

  /** A chosen row was annotated, or lost. */
  settled(isAnnotated: boolean): void {
    if (isAnnotated) this.annotatedPrompts += 1;
    else this.closedPrompts += 1;
  }

  ended(story: IterationStory): void {
    const { iteration, spentBefore, gatedRows, laterRows, chosen, states } = story;
    const { limit, samplesPerPrompt } = this.options;
    this.chosen.push(...chosen);
    this.states.push(...states);
    const { annotations, annotationsUncapped } = forecast(
      {
        spent: spentBefore,
        annotatedPrompts: this.before.annotatedPrompts,
        gatedRows: this.before.gatedRows + gatedRows,
        chosenRows: this.chosen.length,
        openPrompts: chosen.length,
        laterRows,
        samplesPerPrompt,
      },
      limit,
    );
    this.forecasts.push({ iteration, annotations, annotationsUncapped });
    const annotated = this.chosen.filter(({ lossReason }) => lossReason === undefined).length;
    this.before = { gatedRows: this.before.gatedRows + gatedRows, annotatedPrompts: annotated };
  }

  /** What the run will have bought at its end, as far as it can be told now. */
  forecast(spent: number): Forecast {
    const { limit, samplesPerPrompt, rowCount } = this.options;
    const { annotatedPrompts, gatedRows, chosenRows, closedPrompts } = this;
    const openPrompts = chosenRows - annotatedPrompts - closedPrompts;
    const laterRows = rowCount - gatedRows;
    const progress = { spent, annotatedPrompts, gatedRows, chosenRows, openPrompts, laterRows, samplesPerPrompt };
    return forecast(progress, limit);
  }

  /** For those who watch. */
  figures(spent: number): Figures {
    const { limit, budget } = this.options;
    const { annotations } = this.forecast(spent);
    const price = budget.cost_per_annotation;
    return {
      annotations_spent: spent,
      annotations_forecast: annotations,
      ...(limit !== undefined && { annotations_limit: limit }),
      ...(price !== null && { cost: spent * price, cost_forecast: annotations * price }),
    };
  }

  report(spent: number): {
    readonly spending: SpendingReport;
    readonly gateEvents: readonly GateEvent[];
    readonly losses: LossReport;
  } {
    const { budget, limit } = this.options;
    const { cost_per_annotation: perAnnotation, currency } = budget;
    return {
      spending: {
        limit: limit ?? null,
        secondsLimit: budget.seconds,
        onLimit: budget.on_limit,
        countsEvaluation: budget.count_evaluation,
        spent,
        price: perAnnotation === null ? null : { perAnnotation, currency },
        forecasts: this.forecasts,
      },
      gateEvents: gateEvents(this.states),
      losses: lossReport(this.chosen),
    };
  }
}

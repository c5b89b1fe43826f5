/**
 * @file How far a run is, how fast it goes and when it will end, from its events alone. Times are those of the events and
 * of whoever asks; nothing here reads a clock.
 *
 * Units that the journal answers come by at once when a run is gone on with; they count as done, not as speed.
 */
import type { Figures, PhasePlace, RunCounts, RunEvent } from '../runs/run-event.js';
import { IterationPace } from './iteration-pace.js';

/** A phase under way. Phases of one iteration may overlap. */
export interface PhaseView extends PhasePlace {
  readonly doneCount: number;
  readonly unitCount: number;
  readonly figures: Figures;
  /** Mean since the phase began; undefined where nothing was counted yet. */
  readonly rowsPerSecond: number | undefined;
  readonly tokensPerSecond: number | undefined;
  /** Until its last unit, at the pace so far; undefined before there is a pace. */
  readonly remainingMs: number | undefined;
}

/** What the run is expected to have bought at its end. */
export interface Outlook {
  readonly annotations: number;
  /** In the currency of the run's cost; undefined where there is no price. */
  readonly cost: number | undefined;
  /** Most annotations that it may buy; undefined without a budget. */
  readonly limit: number | undefined;
}

interface OpenPhase extends PhasePlace {
  readonly startMs: number;
  readonly replayedCount: number;
  doneCount: number;
  unitCount: number;
  figures: Figures;
  rows: number;
  tokens: number;
}

type EventOf<Kind extends RunEvent['kind']> = Extract<RunEvent, { kind: Kind }>;

/** A pace from less time than this says nothing. */
const PACE_MS_MIN = 200;

export class RunProgress {
  private readonly open = new Map<string, OpenPhase>();
  private readonly pace: IterationPace;
  /** Counts of the whole run as of the last event. */
  counts: RunCounts | undefined;
  /** As of the last unit that was annotated in this process; undefined before one was. */
  outlook: Outlook | undefined;

  constructor(iterationCount: number | undefined) {
    this.pace = new IterationPace(iterationCount);
  }

  /** Takes note of what happened. */
  observe(event: RunEvent): void {
    this.counts = event.counts;
    switch (event.kind) {
      case 'phase_started':
        return this.begin(event);
      case 'phase_progress':
        return this.advance(event);
      case 'phase_ended':
        return void this.open.delete(keyOf(event));
      case 'run_ended':
        return this.open.clear();
      default:
        return event satisfies never;
    }
  }

  /** Phases under way in the order of their beginnings. */
  phases(nowMs: number): readonly PhaseView[] {
    return [...this.open.values()].map((phase) => viewOf(phase, nowMs));
  }

  /** Until the end of the run; undefined before an iteration was seen from its start to its end. */
  remainingMs(nowMs: number): number | undefined {
    return this.pace.remainingMs(nowMs);
  }

  private begin({ phase, iteration, timeMs, unitCount, unitCountDone }: EventOf<'phase_started'>): void {
    const opened = { phase, iteration, startMs: timeMs, replayedCount: unitCountDone, doneCount: 0, unitCount };
    this.open.set(keyOf(opened), { ...opened, figures: {}, rows: 0, tokens: 0 });
    if (!isOutsideIterations(phase)) this.pace.phaseBegan(iteration, timeMs, unitCountDone > 0);
  }

  private advance(event: EventOf<'phase_progress'>): void {
    const phase = this.open.get(keyOf(event));
    if (!phase) return;
    const { rows = 0, tokens = 0, ...rest } = event.figures;
    const { outlook, figures } = parted(rest);
    this.outlook = outlook ?? this.outlook;
    phase.doneCount = event.unitCountDone;
    phase.unitCount = event.unitCount;
    phase.figures = figures;
    if (event.unitCountDone <= phase.replayedCount) return;
    phase.rows += rows;
    phase.tokens += tokens;
  }
}

/** Figures of the run's spending apart from those of the phase. */
export function parted(all: Figures): { readonly outlook: Outlook | undefined; readonly figures: Figures } {
  const { annotations_spent: _spent, annotations_forecast: annotations, annotations_limit: limit, ...others } = all;
  if (annotations === undefined) return { outlook: undefined, figures: all };
  const { cost: _cost, cost_forecast: cost, ...figures } = others;
  return { outlook: { annotations, cost, limit }, figures };
}

/** The warm-up and evaluations belong to no iteration. */
export function isOutsideIterations(phase: string): boolean {
  return phase === 'warm-up' || phase.startsWith('evaluate-');
}

function keyOf({ phase, iteration }: PhasePlace): string {
  return `${iteration}/${phase}`;
}

function viewOf(open: OpenPhase, nowMs: number): PhaseView {
  const { phase, iteration, doneCount, unitCount, figures, rows, tokens, replayedCount, startMs } = open;
  const elapsedMs = nowMs - startMs;
  const newCount = doneCount - replayedCount;
  const hasPace = newCount > 0 && elapsedMs >= PACE_MS_MIN;
  const perSecond = (sum: number): number | undefined => (hasPace && sum > 0 ? (sum * 1000) / elapsedMs : undefined);
  return {
    phase,
    iteration,
    doneCount,
    unitCount,
    figures,
    rowsPerSecond: perSecond(rows),
    tokensPerSecond: perSecond(tokens),
    remainingMs: hasPace ? ((unitCount - doneCount) * elapsedMs) / newCount : undefined,
  };
}

/** @file One guard per reward model, and what the journal knows of who was given up. */
import { Rng, type Clock } from '#core';
import { durationMs, type RunConfig } from '#run-config';
import type { Journal } from '../storage/journal.js';
import { AnnotatorGuard } from './annotator-guard.js';

/** Fact of the journal: whether the annotator of this name was given up. */
const LOST_FACT = 'annotator_lost.';

export interface AnnotatorsOptions {
  readonly config: Pick<RunConfig, 'annotator_patience' | 'annotator_backoff' | 'seed'>;
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'fact'>;
  /** Another one in each process, so that its delays are not those of the one before. */
  readonly attempt: number;
}

export class Annotators {
  private readonly guards = new Map<string, Promise<AnnotatorGuard>>();
  /** As the journal has it. */
  private readonly recorded = new Map<string, boolean>();

  constructor(private readonly options: AnnotatorsOptions) {}

  async of(name: string): Promise<AnnotatorGuard> {
    let guard = this.guards.get(name);
    if (!guard) this.guards.set(name, (guard = this.open(name)));
    return await guard;
  }

  /** What is to be committed with a unit, when it says something new of its annotator. */
  factsOf(name: string, isLost: boolean): { readonly facts?: Readonly<Record<string, string>> } {
    if ((this.recorded.get(name) ?? false) === isLost) return {};
    this.recorded.set(name, isLost);
    return { facts: { [LOST_FACT + name]: String(isLost) } };
  }

  private async open(name: string): Promise<AnnotatorGuard> {
    const { config, clock, journal, attempt } = this.options;
    const isLost = (await journal.fact(LOST_FACT + name)) === 'true';
    this.recorded.set(name, isLost);
    return new AnnotatorGuard({
      clock,
      rng: new Rng(config.seed, 'back-off', name, attempt),
      patienceMs: durationMs(config.annotator_patience),
      backoffMsFirst: durationMs(config.annotator_backoff.first),
      backoffMsMax: durationMs(config.annotator_backoff.max),
      isLost,
    });
  }
}

/**
 * @file The work of a reward model's thread: inputs of many calls become tokens, tokens of one length become batches,
 * batches become scores. A bad input never spoils its neighbours.
 *
 * Between two steps it listens, so that calls come and go meanwhile; before a step it says whose inputs it touches, so that
 * whoever sets time limits knows by it what hangs.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError, messageOf, present } from '#core';
import type { Classifier, EncodedInput } from '../classifier.js';
import { scoreOf } from '../labels.js';
import { RewardInputFailedError } from '../reward-models.errors.js';
import type { RewardInput, RewardOutcome } from '../reward-model.js';
import { Arrivals } from './arrivals.js';
import { BatchLine } from './batch-line.js';
import { BATCH_TOKENS_MAX_DEFAULT, type BatchingOptions } from './batching-options.js';
import { paddedLength } from './padded-length.js';
import type { Arrived, Encoded, Member } from './work.js';

export type Phase = 'encode' | 'score';

/** The outcome of one input. */
export interface Settled extends Member {
  readonly outcome: RewardOutcome;
  /** Milliseconds that making it into tokens took. */
  readonly tokenizeMs: number;
}

/** Hears what happens. */
export interface ScorerListener {
  /** A step begins. */
  working(phase: Phase, members: readonly Member[]): void;
  /** A step ended, with the outcomes it gave; `computeMs` is what the model took for all of them together. */
  settled(results: readonly Settled[], computeMs: number): void;
  /** A step broke for a reason that is nobody's input; its members get nothing more. */
  broken(members: readonly Member[], thrown: unknown): void;
}

export class BatchScorer {
  private readonly arrivals: Arrivals;
  private readonly line: BatchLine;
  private closed = false;
  /** True when the last step said that it begins and not yet that it has ended. */
  private stepIsOpen = false;
  /** Ends a wait for news. */
  private wake: () => void = () => {};

  constructor(
    private readonly classifier: Classifier,
    private readonly listener: ScorerListener,
    { tokensMax = BATCH_TOKENS_MAX_DEFAULT, waitMs = 0, mode = 'across_calls' }: BatchingOptions = {},
  ) {
    const acrossCalls = mode === 'across_calls';
    this.arrivals = new Arrivals(acrossCalls);
    this.line = new BatchLine({ tokensMax, waitMs, acrossCalls, ...(!classifier.rowsApart && { rowsMax: 1 }) });
  }

  submit(callId: number, inputs: readonly RewardInput[], alone = false): void {
    this.arrivals.add(inputs.map((input, index) => ({ callId, index, input, alone })));
    this.wake();
  }

  cancel(callId: number): void {
    this.arrivals.drop(callId);
    this.line.drop(callId);
  }

  /** Ends `run` after the step it is at. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  /** Works until it is closed. */
  async run(): Promise<void> {
    while (!this.closed) {
      await nextTurn();
      await this.step();
    }
  }

  private async step(): Promise<void> {
    if (this.closed) return;
    if (!this.arrivals.isEmpty && !this.line.isSaturated) return this.encode(this.arrivals.nextGroup());
    const due = this.line.due(performance.now());
    if (due.kind === 'batch') await this.score(due.batch);
    else await this.news(due.kind === 'wait' ? due.waitMs : undefined);
  }

  /** Resolves when something arrives, or the time is over. */
  private async news(waitMs: number | undefined): Promise<void> {
    const arrived = Promise.withResolvers<void>();
    this.wake = arrived.resolve;
    if (this.stepIsOpen) this.settle([], 0);
    const timer = waitMs === undefined ? undefined : setTimeout(arrived.resolve, waitMs);
    await arrived.promise;
    clearTimeout(timer);
  }

  private encode(group: readonly Arrived[]): void {
    this.begin('encode', group);
    const refused: Settled[] = [];
    for (const { callId, index, input, alone } of group) {
      const startMs = performance.now();
      const result = encoded(this.classifier, input);
      const readyMs = performance.now();
      const tokenizeMs = readyMs - startMs;
      if ('ids' in result) {
        const length = this.lengthOf(result);
        this.line.add({ callId, index, encoded: result, paddedLength: length, alone, tokenizeMs, readyMs });
      } else refused.push({ callId, index, outcome: result, tokenizeMs });
    }
    // Another step mostly follows at once, and its beginning is this one's end.
    if (refused.length > 0) this.settle(refused, 0);
  }

  private lengthOf({ ids }: EncodedInput): number {
    const { mayPad, description } = this.classifier;
    return mayPad ? paddedLength(ids.length, description.tokensMax) : ids.length;
  }

  private async score(batch: readonly Encoded[]): Promise<void> {
    this.begin('score', batch);
    const startMs = performance.now();
    try {
      const outcomes = await this.outcomes(batch);
      const results = batch.map(({ callId, index, tokenizeMs }, row) => ({
        callId,
        index,
        outcome: present(outcomes[row], 'outcome'),
        tokenizeMs,
      }));
      this.settle(results, performance.now() - startMs);
    } catch (thrown) {
      this.stepIsOpen = false;
      this.listener.broken(batch, thrown);
    }
  }

  private begin(phase: Phase, members: readonly Member[]): void {
    this.stepIsOpen = true;
    this.listener.working(phase, members);
  }

  private settle(results: readonly Settled[], computeMs: number): void {
    this.stepIsOpen = false;
    this.listener.settled(results, computeMs);
  }

  /** One pass; where it fails, each input alone, so that only what cannot be computed fails. */
  private async outcomes(batch: readonly Encoded[]): Promise<RewardOutcome[]> {
    const [first] = batch;
    let rows: readonly Float32Array[];
    try {
      rows = await this.classifier.logits(
        batch.map((one) => one.encoded),
        first?.paddedLength ?? 0,
      );
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      if (batch.length === 1) return [{ ok: false, error: thrown }];
      const outcomes: RewardOutcome[] = [];
      for (const one of batch) outcomes.push(...(await this.outcomes([one])));
      return outcomes;
    }
    return batch.map((one, row) => outcomeOf(this.classifier, one.encoded, present(rows[row], 'logits')));
  }
}

function encoded(classifier: Classifier, input: RewardInput): EncodedInput | (RewardOutcome & { readonly ok: false }) {
  try {
    return classifier.encode(input);
  } catch (thrown) {
    if (thrown instanceof AppError) return { ok: false, error: thrown };
    return { ok: false, error: new RewardInputFailedError(messageOf(thrown), thrown) };
  }
}

function outcomeOf({ label }: Classifier, { ids, truncatedCount }: EncodedInput, logits: Float32Array): RewardOutcome {
  try {
    return { ok: true, score: scoreOf(logits, label), tokenCount: ids.length, truncatedCount };
  } catch (thrown) {
    if (thrown instanceof AppError) return { ok: false, error: thrown };
    throw thrown;
  }
}

/**
 * @file Pays once for a request that is sent more than once: a caller that was killed or lost its connection repeats the
 * request under the same id and gets the reply that is under way or was given.
 *
 * So work that carries an id goes on to its end when its caller leaves: it is paid for already, and the repetition will
 * ask for what it gives.
 */
import { type Digest, RequestInvalidError, digestOfJson } from '#core';
import type { Admission } from './admission.js';
import type { AnnotateCommand, AnnotateResult, AnnotatedItem, Annotator } from './annotator.js';
import { unlessAborted } from './unless-aborted.js';

/** Replies remembered. Whoever restarts repeats what it had in flight: some tens of requests. */
export const REPLIES_MAX = 1024;
/** Annotations in them altogether, some hundred bytes each; the newest reply is always kept. */
export const REMEMBERED_ANNOTATIONS_MAX = 262_144;

export interface RepeatableAnnotatorOptions {
  /** @default REPLIES_MAX */
  readonly repliesMax?: number;
  /** @default REMEMBERED_ANNOTATIONS_MAX */
  readonly annotationsMax?: number;
  /** @default no limits */
  readonly admission?: Admission | undefined;
}

/** A request's reply, under way or given. */
interface Known<R> {
  /** Of all that the request says except its id. */
  readonly contentDigest: Digest;
  readonly reply: R;
}

export class RepeatableAnnotator {
  private readonly flights = new Map<string, Known<Promise<AnnotateResult>>>();
  /** Oldest first. */
  private readonly replies = new Map<string, Known<AnnotateResult>>();
  private annotationCount = 0;
  private readonly repliesMax: number;
  private readonly annotationsMax: number;
  private readonly admission: Admission | undefined;

  constructor(
    private readonly annotator: Pick<Annotator, 'annotate'>,
    options: RepeatableAnnotatorOptions = {},
  ) {
    const { repliesMax = REPLIES_MAX, annotationsMax = REMEMBERED_ANNOTATIONS_MAX, admission } = options;
    this.admission = admission;
    this.repliesMax = repliesMax;
    this.annotationsMax = annotationsMax;
  }

  /** As `Annotator.annotate`; without a request id the work ends with its caller and is not remembered. */
  async annotate(command: AnnotateCommand, signal: AbortSignal): Promise<AnnotateResult> {
    const answer = (): Promise<AnnotateResult> => this.answer(command, signal);
    if (!this.admission) return await answer();
    const responseCount = command.items.reduce((sum, { responses }) => sum + responses.length, 0);
    return await this.admission.admitted(responseCount, answer);
  }

  private async answer(command: AnnotateCommand, signal: AbortSignal): Promise<AnnotateResult> {
    const { requestId, ...content } = command;
    if (requestId === '') return await this.annotator.annotate(command, signal);
    signal.throwIfAborted();
    const contentDigest = digestOfJson(content);
    const known = this.flights.get(requestId) ?? this.replies.get(requestId);
    if (!known) {
      const reply = this.work(command, contentDigest);
      this.flights.set(requestId, { contentDigest, reply });
      return await unlessAborted(reply, signal);
    }
    if (known.contentDigest !== contentDigest) {
      throw RequestInvalidError.of('request_id', 'the content it came with before, or a new id', 'other content');
    }
    return withoutWork(await unlessAborted(known.reply, signal));
  }

  private async work(command: AnnotateCommand, contentDigest: Digest): Promise<AnnotateResult> {
    const { requestId } = command;
    try {
      const reply = await this.annotator.annotate(command, new AbortController().signal);
      if (isFinal(reply)) this.remember(requestId, { contentDigest, reply });
      return reply;
    } finally {
      this.flights.delete(requestId);
    }
  }

  private remember(requestId: string, known: Known<AnnotateResult>): void {
    this.replies.set(requestId, known);
    this.annotationCount += annotationCountOf(known.reply);
    for (const [oldestId, { reply }] of this.replies) {
      const hasRoom = this.replies.size <= this.repliesMax && this.annotationCount <= this.annotationsMax;
      if (hasRoom || oldestId === requestId) return;
      this.replies.delete(oldestId);
      this.annotationCount -= annotationCountOf(reply);
    }
  }
}

/** False when a repetition may do better: something failed that is not the fault of what was sent. */
function isFinal({ items }: AnnotateResult): boolean {
  return items.flatMap(outcomesOf).every((outcome) => outcome.ok || outcome.error.status === 'INVALID_ARGUMENT');
}

const outcomesOf = (item: AnnotatedItem) => (item.ok ? item.annotations : [item]);

const annotationCountOf = ({ items }: AnnotateResult): number => items.flatMap(outcomesOf).length;

/** The reply as a repetition gets it, which neither waited for the backend nor used it. */
function withoutWork(reply: AnnotateResult): AnnotateResult {
  return { ...reply, queueMs: 0, tokenizeMs: 0, computeMs: 0 };
}

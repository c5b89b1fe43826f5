/**
 * @file Entry of a scoring thread: loads one scorer and answers one request after the other.
 *
 * Rules and modules run here and not in the service, because they may take for ever or block their thread: a thread can be
 * ended, the service's event loop cannot.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, present } from '#core';
import { ModuleContractError } from './module.js';
import type { Scorer } from './scorer.js';
import { loadScorer, type ScorerSpec } from './scorers.js';
import type { ThreadAnswer, ThreadInput, ThreadLoadFailed, ThreadReady } from './scoring-thread.messages.js';

const port = present(parentPort, 'the port to the service');
/** Errors of modules may carry whole pages. */
const REASON_LENGTH_MAX = 500;

async function answer(scorer: Scorer, { id, request }: ThreadInput & { kind: 'score' }, signal: AbortSignal) {
  try {
    const { score, components } = await scorer.score(request, signal);
    return { kind: 'scored', id, score, components } satisfies ThreadAnswer;
  } catch (thrown) {
    return { kind: 'failed', id, reason: reasonOf(thrown, 'it threw') } satisfies ThreadAnswer;
  }
}

function reasonOf(thrown: unknown, what: string): string {
  const text = thrown instanceof ModuleContractError ? thrown.message : `${what}: ${messageOf(thrown)}`;
  return text.slice(0, REASON_LENGTH_MAX);
}

function serve(scorer: Scorer): void {
  let current = { id: -1, abort: new AbortController() };
  port.on('message', (input: ThreadInput) => {
    if (input.kind === 'abort') {
      if (input.id === current.id) current.abort.abort();
      return;
    }
    current = { id: input.id, abort: new AbortController() };
    void answer(scorer, input, current.abort.signal).then((output) => port.postMessage(output));
  });
  const { weightsDigest, scoreMin, scoreMax } = scorer;
  port.postMessage({
    kind: 'ready',
    weightsDigest,
    ...(scoreMin !== undefined && { scoreMin }),
    ...(scoreMax !== undefined && { scoreMax }),
  } satisfies ThreadReady);
}

try {
  serve(await loadScorer(workerData as ScorerSpec));
} catch (thrown) {
  port.postMessage({ kind: 'load-failed', reason: reasonOf(thrown, 'loading it failed') } satisfies ThreadLoadFailed);
}

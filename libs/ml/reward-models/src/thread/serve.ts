/** @file The life of a reward model's thread: it loads its model, computes for all calls, and releases what it holds. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { present } from '#core';
import { toThreadError } from '#ml/engine';
import { BatchScorer, type ScorerListener } from '../batching/batch-scorer.js';
import type { Classifier } from '../classifier.js';
import { openClassifier } from '../open-classifier.js';
import type { RewardThreadData, RewardThreadInput, RewardThreadOutput } from './messages.js';
import { packMembers, packResults } from './packed.js';
import { warmUp } from './warm-up.js';

function post(port: MessagePort, message: RewardThreadOutput): void {
  port.postMessage(message);
}

function teller(port: MessagePort): ScorerListener {
  return {
    working: (phase, members) => post(port, { kind: 'working', phase, members: packMembers(members) }),
    settled: (results, computeMs) => post(port, { kind: 'settled', results: packResults(results), computeMs }),
    broken: (members, thrown) =>
      post(port, { kind: 'broken', members: packMembers(members), error: toThreadError(thrown) }),
  };
}

function obey(scorer: BatchScorer, message: RewardThreadInput): void {
  switch (message.kind) {
    case 'score':
      scorer.submit(message.callId, message.inputs, message.alone);
      break;
    case 'cancel':
      scorer.cancel(message.callId);
      break;
    case 'close':
      scorer.close();
      break;
    default:
      message satisfies never;
  }
}

/** Returns when the owner closes it, or the model cannot be opened. @param loaded called when nothing is left to load */
export async function serve(loaded: () => void): Promise<void> {
  const port = present(parentPort, 'the port to the owner');
  const { spec, batching } = workerData as RewardThreadData;
  let classifier: Classifier;
  try {
    classifier = await openClassifier(spec);
    await warmUp(classifier);
  } catch (thrown) {
    post(port, { kind: 'open_failed', error: toThreadError(thrown) });
    return;
  } finally {
    loaded();
  }
  const scorer = new BatchScorer(classifier, teller(port), batching);
  port.on('message', (message: RewardThreadInput) => obey(scorer, message));
  post(port, { kind: 'ready', description: classifier.description });
  await scorer.run();
  await classifier.dispose();
  port.close();
}

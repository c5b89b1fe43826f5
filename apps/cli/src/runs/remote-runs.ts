/** @file The runs that a trainer knows. */
import { createRpcClient, fromTimestamp } from '#platform/rpc';
import type { TrainingRun__Output } from '#contracts/trainer';
import { remoteTls } from '../services/remote-tls.js';
import { countsOf, stateName } from './run-event.js';
import type { ListedRun } from './runs-table.js';

const PAGE_SIZE = 100;
const CALL_TIMEOUT_MS = 10_000;

/** All of them, newest first. @throws RemoteError */
export async function runsOf(trainer: string): Promise<readonly ListedRun[]> {
  const options = { timeoutMs: CALL_TIMEOUT_MS, tls: remoteTls() };
  const client = createRpcClient('metaapo.trainer.v1.TrainerService', trainer, options);
  try {
    const runs: ListedRun[] = [];
    for (let pageToken = ''; ;) {
      const page = await client.listTrainingRuns({ pageSize: PAGE_SIZE, pageToken });
      runs.push(...page.runs.map((run) => remoteRun(run, trainer)));
      pageToken = page.nextPageToken;
      if (pageToken === '') return runs;
    }
  } finally {
    client.close();
  }
}

function remoteRun(run: TrainingRun__Output, trainer: string): ListedRun {
  const { runId, name, phase, iterationCount, iterationCountDone, runDirectory, createTime } = run;
  const { annotations, cost } = countsOf(run);
  const state = stateName(run.state);
  return {
    runId,
    name,
    state,
    phase,
    iterationsDone: iterationCountDone,
    iterationCount,
    annotations,
    cost,
    createTimeMs: createTime ? fromTimestamp(createTime) : 0,
    holder: state === 'running' || state === 'cancelling' ? trainer : '',
    directory: runDirectory,
  };
}

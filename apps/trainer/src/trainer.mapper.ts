/** @file Between runs and the messages of `metaapo.trainer.v1`. */
import type {
  ListTrainingRunsResponse,
  StartTrainingRunRequest__Output,
  StartTrainingRunResponse,
  TrainingRun,
  WatchTrainingRunResponse,
} from '#contracts/trainer';
import { toDuration, toTimestamp } from '#platform/rpc';
import type { NumberedEvent } from './domain/run/run-events.js';
import type { RunSnapshot, RunState } from './domain/run/run-snapshot.js';
import type { RunPage, StartCommand, StartedRun } from './runs/training-runs.js';

const STATES: { readonly [State in RunState]: NonNullable<TrainingRun['state']> } = {
  running: 'RUN_STATE_RUNNING',
  cancelling: 'RUN_STATE_CANCELLING',
  cancelled: 'RUN_STATE_CANCELLED',
  succeeded: 'RUN_STATE_SUCCEEDED',
  failed: 'RUN_STATE_FAILED',
};

export function toStartCommand(request: StartTrainingRunRequest__Output): StartCommand {
  const { requestId, configYaml, baseDirectory, runDirectory } = request;
  return { requestId, configYaml, baseDirectory, runDirectory };
}

export function toStartResponse({ run, isResumed, isFinished }: StartedRun): StartTrainingRunResponse {
  return { run: toTrainingRun(run), resumed: isResumed, finished: isFinished };
}

export function toTrainingRun(run: RunSnapshot): TrainingRun {
  const { state, annotationCount, annotationCountUngated, optimizerStepCount, metaUpdateCount, failure } = run;
  return {
    runId: run.runId,
    state: STATES[state],
    phase: run.phase,
    iteration: run.iteration,
    runDirectory: run.runDirectory,
    configDigest: run.configDigest,
    annotationCount: String(annotationCount),
    annotationCountUngated: String(annotationCountUngated),
    optimizerStepCount: String(optimizerStepCount),
    metaUpdateCount: String(metaUpdateCount),
    createTime: toTimestamp(run.createTimeMs),
    endTime: run.endTimeMs === undefined ? null : toTimestamp(run.endTimeMs),
    failure: failure ?? null,
    adapterDigest: run.adapterDigest,
    name: run.name,
    iterationCount: run.iterationCount,
    iterationCountDone: run.iterationsDone,
    cost: run.cost ?? null,
  };
}

export function toListResponse({ runs, nextPageToken }: RunPage): ListTrainingRunsResponse {
  return { runs: runs.map(toTrainingRun), nextPageToken };
}

export function toWatchResponse({
  number,
  timeMs,
  event,
  snapshot,
}: NumberedEvent<RunSnapshot>): WatchTrainingRunResponse {
  const common = { event: String(number), time: toTimestamp(timeMs), run: toTrainingRun(snapshot) };
  switch (event.kind) {
    case 'phase_started': {
      const { kind: _, ...phaseStarted } = event;
      return { ...common, kind: 'phaseStarted', phaseStarted };
    }
    case 'phase_progress': {
      const { kind: _, figures, ...rest } = event;
      return { ...common, kind: 'phaseProgress', phaseProgress: { ...rest, figures: { ...figures } } };
    }
    case 'phase_ended': {
      const { phase, iteration, elapsedMs, figures } = event;
      const phaseEnded = { phase, iteration, elapsed: toDuration(elapsedMs), figures: { ...figures } };
      return { ...common, kind: 'phaseEnded', phaseEnded };
    }
    case 'run_ended':
      return { ...common, kind: 'runEnded', runEnded: { elapsed: toDuration(event.elapsedMs) } };
    default:
      return event satisfies never;
  }
}

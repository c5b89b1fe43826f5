/** @file A whole run, its trainer in this process so that every call to a service is seen, over services of their own. */
import { installedVersion, systemClock } from '#core';
import { resolveModel } from '#ml/hub';
import { TrainingRuns } from '../../apps/trainer/src/runs/training-runs.js';
import { trainerConfig } from '../../apps/trainer/src/config.js';
import { openServices } from '../../apps/trainer/src/services/open-services.js';
import type { RunEvent } from '../../apps/trainer/src/domain/run/run-events.js';
import { recorded, type CallSpan } from './call-spans.js';
import { ServiceProcesses, type ServiceProcessesOptions } from './service-processes.js';

export interface RecordedRunOptions extends ServiceProcessesOptions {
  readonly configYaml: string;
  /** Folder that the configuration's paths start from. */
  readonly baseDirectory: string;
  /** A directory that does not exist yet. */
  readonly runDirectory: string;
}

export interface RecordedRun {
  /** From the start of the run to its end; the services were up by then. */
  readonly wallMs: number;
  readonly spans: readonly CallSpan[];
  readonly events: readonly { readonly timeMs: number; readonly event: RunEvent }[];
}

export class RunNotFinishedError extends Error {}

export async function recordedRun(options: RecordedRunOptions): Promise<RecordedRun> {
  const { configYaml, baseDirectory, runDirectory } = options;
  const services = await ServiceProcesses.start(options);
  const spans: CallSpan[] = [];
  const events: RecordedRun['events'][number][] = [];
  try {
    const config = trainerConfig(services.trainerVariables);
    const runs = new TrainingRuns({
      runsMax: 1,
      stopTimeoutMs: config.drainTimeoutMs,
      openServices: () => recorded(openServices(config), spans),
      locateModel: (model, options) => resolveModel(model, { ...options, hub: config }),
      clock: systemClock,
      observer: { unit: (_unit, work) => work(), traceId: () => undefined, annotations: () => {} },
      serviceVersion: installedVersion(),
      address: () => '',
      onError: (_runId, error) => console.error(error),
    });
    const startMs = systemClock.monotonicMs();
    const { run } = await runs.start({ requestId: '', configYaml, baseDirectory, runDirectory });
    for await (const { event } of runs.watch(run.runId, 0, new AbortController().signal)) {
      events.push({ timeMs: systemClock.monotonicMs(), event });
    }
    const wallMs = systemClock.monotonicMs() - startMs;
    const { state, failure } = runs.get(run.runId);
    if (state !== 'succeeded') throw new RunNotFinishedError(`the run ended as ${state}: ${failure?.message ?? ''}`);
    return { wallMs, spans, events };
  } finally {
    await services.stop();
  }
}

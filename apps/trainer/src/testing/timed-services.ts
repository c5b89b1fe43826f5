/**
 * @file Toy services that take time by a clock: so many units at once, so long for each. They add up how long each stage
 * had work under way.
 */
import type { Clock } from '#core';
import { ServiceLane } from '../domain/pipeline/service-lane.js';
import { toyServices, type ToyServices } from './toy-run.js';

/** Stages of an iteration that ask services. */
export type TimedStage = 'score' | 'generate' | 'gradient' | 'annotate';

export interface TimedServicesOptions {
  readonly clock: Clock;
  /** Milliseconds of one unit. */
  readonly unitMs: { readonly [Stage in TimedStage]: number };
  /** Policy replicas; each computes one unit at a time. */
  readonly replicas: number;
}

export interface TimedServices extends ToyServices {
  /** Sum over the units of a stage, in milliseconds. */
  readonly busyMs: Map<TimedStage, number>;
}

/** The annotator scores one unit at a time. */
export function timedServices({ clock, unitMs, replicas }: TimedServicesOptions): TimedServices {
  const services = toyServices();
  const policy = new ServiceLane({ unitsMax: replicas, precedence: [] });
  const annotator = new ServiceLane({ unitsMax: 1, precedence: [] });
  const busyMs = new Map<TimedStage, number>();
  const take = async (lane: ServiceLane, stage: TimedStage): Promise<void> => {
    await lane.run('unit', undefined, () => clock.sleep(unitMs[stage]));
    busyMs.set(stage, (busyMs.get(stage) ?? 0) + unitMs[stage]);
  };
  services.policy.beforeCall = ({ kind }) => take(policy, kind);
  // An evaluation's units are no part of an iteration's.
  services.reward.beforeCall = ({ requestId }) =>
    requestId.includes('/evaluate-') ? undefined : take(annotator, 'annotate');
  return { ...services, busyMs };
}

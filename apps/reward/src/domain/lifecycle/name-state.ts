/** @file All that must outlive the process about a name: its slots, what has happened to it, and answers given to requests. */
import type { Digest } from '#core';
import type { BackendSpec } from '../backends/backend-kinds.js';
import type { Provenance } from '../provenance.js';
import type { Slots } from './slots.js';
import type { SwapLimits } from './swap-limits.js';
import type { SwapReport } from './swap-report.js';

export type ModelState = 'staged' | 'shadowing' | 'promoted' | 'superseded' | 'retired';

/** A model as callers are told of it. */
export interface ModelView {
  readonly state: ModelState;
  /** Its epoch is 0 where it has none. */
  readonly provenance: Provenance;
  readonly scoreMin?: number | undefined;
  readonly scoreMax?: number | undefined;
}

export const EVENT_KINDS = [
  'configured',
  'staged',
  'stage_failed',
  'shadow_started',
  'shadow_stopped',
  'promoted',
  'rolled_back',
  'retired',
  'lost',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that happened to a name. */
export interface LifecycleEvent {
  readonly kind: EventKind;
  /** Milliseconds since the epoch of time. */
  readonly atMs: number;
  /** The epoch that began or was retired; 0 of a staged model. */
  readonly epoch: number;
  /** Empty where no model was loaded. */
  readonly weightsDigest: string;
  readonly spec: BackendSpec;
  /** Empty where nobody said, or the service did it by itself. */
  readonly requester: string;
  readonly reason: string;
  readonly requestId: string;
  /** Of a promotion: true when limits were not to hold it up. */
  readonly forced?: boolean | undefined;
  /** Of a promotion: what it rests on. */
  readonly report?: SwapReport | undefined;
  readonly limits?: SwapLimits | undefined;
}

/** The answer to a request that was carried out; a repetition gets it. */
export interface KeptAnswer {
  /** Not empty. */
  readonly requestId: string;
  /** Of the method and all that the request says except its id. */
  readonly contentDigest: Digest;
  readonly answer: ModelView;
}

export interface NameState {
  /** The entry of `REWARD_MODELS` that the slots have followed; another one is another wish of the operator. */
  readonly configured: BackendSpec;
  readonly slots: Slots;
  /** Oldest first. */
  readonly events: readonly LifecycleEvent[];
  /** Oldest first. */
  readonly answers: readonly KeptAnswer[];
}

/** By name. Names that are not configured any more are kept: their epochs go on when they come back. */
export type ServiceState = ReadonlyMap<string, NameState>;

/** Where the state outlives the process. */
export interface StateStore {
  /** Makes the whole state durable. @throws RewardStateUnusableError (`REWARD_STATE_UNUSABLE`); nothing has changed then */
  write(state: ServiceState): Promise<void>;
}

export const EVENTS_MAX = 1000;
export const ANSWERS_MAX = 256;

/** The state after a change; the oldest events and answers go. */
export function changed(
  state: NameState,
  {
    slots = state.slots,
    events = [],
    answer,
  }: { slots?: Slots; events?: readonly LifecycleEvent[]; answer?: KeptAnswer | undefined },
): NameState {
  return {
    ...state,
    slots,
    events: [...state.events, ...events].slice(-EVENTS_MAX),
    answers: answer ? [...state.answers, answer].slice(-ANSWERS_MAX) : state.answers,
  };
}

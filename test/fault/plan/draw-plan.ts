/** @file Plans from a seed: plan K of a seed is a function of both, so that any of them can be replayed alone. */
import { Rng, present } from '#core';
import { ERRING_ANSWERS } from '../rig/erring-server.js';
import { LINKS, SERVICES, type LinkName } from '../rig/rig.js';
import type { Fault, FaultPlan, Instant, ProcessName, Strike } from './fault.js';

type FaultKind = Fault['kind'];

/** How often each kind is drawn, relative to the others. */
const WEIGHTS: Readonly<Record<FaultKind, number>> = {
  kill: 40,
  terminate: 4,
  freeze: 8,
  reset: 12,
  blackhole: 8,
  slow: 4,
  'slow-annotator': 3,
  erring: 8,
  'disk-full': 5,
  torn: 9,
  intruder: 2,
};

/** A second fault, which may find the run on its way back from the first. */
const SECOND_SHARE = 0.6;
/** What is done in the very last moments may find the run over. */
const SHARE_MAX = 0.93;

/** Of the faults to one policy replica. */
const FOR_GOOD_SHARE = 0.25;
const FOR_GOOD = 'for good';

export interface DrawOptions {
  /** Kinds that this machine cannot do. */
  readonly without?: ReadonlySet<FaultKind>;
}

export function drawPlan(seed: number, index: number, { without = new Set() }: DrawOptions = {}): FaultPlan {
  const rng = new Rng('fault', seed, index);
  const kinds = (Object.keys(WEIGHTS) as FaultKind[]).filter((kind) => !without.has(kind));
  const first = drawStrike(rng, drawKind(rng, kinds));
  const strikes = [first];
  // Without the first trainer a second one is no intruder.
  if (first.fault.kind !== 'intruder' && rng.uniform() < SECOND_SHARE) {
    const others: readonly FaultKind[] = ['kill', 'reset', 'blackhole', 'erring', 'freeze', 'terminate'];
    strikes.push(drawStrike(rng, pick(rng, others)));
  }
  return { seed, index, strikes };
}

function drawKind(rng: Rng, kinds: readonly FaultKind[]): FaultKind {
  let left = rng.uniform() * kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0);
  return present(
    kinds.find((kind) => (left -= WEIGHTS[kind]) < 0),
    'a kind of fault',
  );
}

function drawStrike(rng: Rng, kind: FaultKind): Strike {
  const fault = drawFault(rng, kind);
  // An intruder comes when the run is under way for sure.
  return { fault, at: kind === 'intruder' ? { kind: 'units', share: SHARE_MAX * rng.uniform() } : drawInstant(rng) };
}

function drawInstant(rng: Rng): Instant {
  const share = SHARE_MAX * rng.uniform();
  const kind = pick(rng, ['units', 'time', 'answers'] as const);
  return kind === 'answers' ? { kind, link: pick(rng, SERVICES), share } : { kind, share };
}

function drawFault(rng: Rng, kind: FaultKind): Fault {
  switch (kind) {
    case 'kill': {
      const victims = drawVictims(rng);
      return { kind, victims, downMs: isForGood(rng, victims) ? FOR_GOOD : drawMs(rng, 0, 500) };
    }
    case 'freeze': {
      const victim = pick(rng, [...SERVICES, 'trainer'] as const);
      return { kind, victim, forMs: isForGood(rng, [victim]) ? FOR_GOOD : drawMs(rng, 200, 1500) };
    }
    case 'reset':
      return { kind, link: pick(rng, LINKS) };
    case 'blackhole':
      return { kind, link: pick(rng, LINKS), reach: pick(rng, ['all', 'old'] as const), forMs: drawMs(rng, 200, 1500) };
    case 'slow':
      return { kind, link: pick(rng, LINKS), delayMs: drawMs(rng, 5, 40), forMs: drawMs(rng, 200, 1000) };
    case 'slow-annotator':
      return { kind, delayMs: drawMs(rng, 20, 200), forMs: drawMs(rng, 200, 1000) };
    case 'erring':
      return {
        kind,
        link: pick<LinkName>(rng, LINKS),
        answer: pick(rng, ERRING_ANSWERS),
        forMs: drawMs(rng, 100, 1000),
      };
    case 'disk-full':
      return { kind, roomKiB: 4 * rng.below(16) };
    case 'torn':
      return {
        kind,
        file: pick(rng, ['log', 'log', 'database', 'artifact', 'record'] as const),
        damage: pick(rng, ['truncated', 'flipped'] as const),
        share: rng.uniform(),
      };
    case 'terminate':
    case 'intruder':
      return { kind };
  }
}

/** One process, sometimes two, sometimes all of them as when the power fails. */
function drawVictims(rng: Rng): ProcessName[] {
  const all: readonly ProcessName[] = ['trainer', ...SERVICES];
  const roll = rng.uniform();
  if (roll < 0.08) return [...all];
  if (roll < 0.25) return rng.shuffled(all).slice(0, 2);
  return [roll < 0.55 ? 'trainer' : pick(rng, SERVICES)];
}

/** A run goes on without one of its policy replicas. */
function isForGood(rng: Rng, victims: readonly ProcessName[]): boolean {
  const isOneReplica = victims.length === 1 && victims[0]?.startsWith('policy-') === true;
  return isOneReplica && rng.uniform() < FOR_GOOD_SHARE;
}

function drawMs(rng: Rng, min: number, max: number): number {
  return Math.round(min + (max - min) * rng.uniform());
}

function pick<T>(rng: Rng, list: readonly T[]): T {
  return present(list[rng.below(list.length)], 'one of the list');
}

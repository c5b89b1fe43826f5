/** @file Carries out the faults of one plan, each when its instant has come. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, FaultPlan, Strike } from '../plan/fault.js';
import { DELAY_MS, type BillingAnnotator } from '../rig/billing-annotator.js';
import type { ErringServer } from '../rig/erring-server.js';
import { LINKS, SERVICES, type LinkName, type Rig } from '../rig/rig.js';
import type { RunPlace } from './run-place.js';

/** What an undisturbed run has; instants are shares of it. */
export interface Undisturbed {
  readonly units: number;
  readonly ms: number;
  /** The fastest so far: a moment after it may never come. */
  readonly msMin: number;
  readonly answers: Readonly<Record<LinkName, number>>;
}

export interface InjectorOptions {
  readonly plan: FaultPlan;
  readonly rig: Rig;
  readonly annotator: BillingAnnotator;
  readonly erring: ErringServer;
  readonly place: RunPlace;
  readonly undisturbed: Undisturbed;
  /** Tells a second trainer to do what the first is at. */
  readonly intrude: () => Promise<void>;
}

/** Longer than any run. */
const FOR_GOOD_MS = 3_600_000;

export class Injector {
  /** Faults that were carried out. */
  readonly struck: Strike[] = [];
  private readonly waiting: Set<Strike>;
  private readonly effects = new Set<Promise<void>>();
  private readonly ending = new AbortController();
  private unitCount = 0;
  private failure: unknown;

  constructor(private readonly options: InjectorOptions) {
    this.waiting = new Set(options.plan.strikes);
  }

  /** Starts to wait for the instants. */
  arm(): void {
    const { plan, rig, undisturbed } = this.options;
    for (const strike of plan.strikes) {
      const { at } = strike;
      if (at.kind === 'time') {
        this.effect(async () => {
          await this.sleep(at.share * undisturbed.msMin);
          if (!this.ending.signal.aborted) this.strike(strike);
        });
      }
    }
    for (const link of LINKS) {
      const proxy = rig.links[link];
      const first = proxy.answeredChunks;
      proxy.onAnswer = () => {
        const count = proxy.answeredChunks - first;
        this.strikeDue(
          ({ at }) => at.kind === 'answers' && at.link === link && count > at.share * undisturbed.answers[link],
        );
      };
    }
  }

  /** The trainer told of a unit. */
  unitDone(): void {
    this.unitCount += 1;
    const { units } = this.options.undisturbed;
    this.strikeDue(({ at }) => at.kind === 'units' && this.unitCount > at.share * units);
  }

  /** Ends what goes on and gives the services back as they were. @throws what an injection failed with */
  async end(): Promise<void> {
    this.ending.abort();
    for (const link of LINKS) this.options.rig.links[link].heal();
    await Promise.all(this.effects);
    if (this.failure !== undefined) throw this.failure;
  }

  private strikeDue(isDue: (strike: Strike) => boolean): void {
    for (const strike of this.waiting) if (isDue(strike)) this.strike(strike);
  }

  private strike(strike: Strike): void {
    if (!this.waiting.delete(strike)) return;
    this.struck.push(strike);
    this.effect(() => this.carryOut(strike.fault));
  }

  private effect(work: () => Promise<void>): void {
    const effect = work().catch((error: unknown) => void (this.failure ??= error));
    this.effects.add(effect);
  }

  private async carryOut(fault: Fault): Promise<void> {
    const { rig, annotator, erring, place, intrude } = this.options;
    switch (fault.kind) {
      case 'kill':
        return await this.kill(fault);
      case 'terminate':
        rig.process('trainer')?.process.kill('SIGTERM');
        return;
      case 'freeze': {
        const victim = rig.process(fault.victim)?.process;
        victim?.kill('SIGSTOP');
        await this.sleep(fault.forMs);
        victim?.kill('SIGCONT');
        return;
      }
      case 'reset':
        return rig.links[fault.link].reset();
      case 'blackhole': {
        rig.links[fault.link].hold({ isForNewOnesToo: fault.reach === 'all' });
        if (fault.reach === 'old') return; // until the end
        await this.sleep(fault.forMs);
        return rig.links[fault.link].release();
      }
      case 'slow':
        rig.links[fault.link].delayMs = fault.delayMs;
        await this.sleep(fault.forMs);
        rig.links[fault.link].delayMs = 0;
        return;
      case 'slow-annotator':
        annotator.delayMs = fault.delayMs;
        await this.sleep(fault.forMs);
        annotator.delayMs = DELAY_MS;
        return;
      case 'erring': {
        const link = rig.links[fault.link];
        erring.answer = fault.answer;
        link.detour = erring.address;
        link.reset();
        await this.sleep(fault.forMs);
        link.detour = undefined;
        return link.reset();
      }
      case 'disk-full':
        return place.fill(fault.roomKiB);
      case 'torn':
        await rig.kill('trainer');
        place.tear(fault);
        return;
      case 'intruder':
        return await intrude();
    }
  }

  private async kill({ victims, downMs }: Fault & { kind: 'kill' }): Promise<void> {
    const { rig } = this.options;
    await Promise.all(victims.map((victim) => rig.kill(victim)));
    await this.sleep(downMs);
    await Promise.all(SERVICES.filter((name) => victims.includes(name)).map((name) => rig.restart(name)));
  }

  /** Ends early when the run has ended. */
  private async sleep(ms: number | 'for good'): Promise<void> {
    const { signal } = this.ending;
    await delay(ms === 'for good' ? FOR_GOOD_MS : ms, undefined, { signal }).catch(() => {});
  }
}

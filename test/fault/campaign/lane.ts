/** @file One rig at work on one faulted run after the other: runs, restarts what died, and judges what came of it. */
import { rmSync } from 'node:fs';
import { RemoteError } from '#platform/rpc';
import { fsckRun } from '../../../apps/trainer/src/domain/fsck/fsck-run.js';
import type { Trainer } from '../../support/services.js';
import { Injector, type Undisturbed } from '../inject/injector.js';
import { RunPlace, isDamageReason } from '../inject/run-place.js';
import type { FaultPlan } from '../plan/fault.js';
import { BillingAnnotator } from '../rig/billing-annotator.js';
import { ErringServer } from '../rig/erring-server.js';
import { writeFaultProject } from '../rig/fault-model.js';
import { LINKS, Rig, type LinkName } from '../rig/rig.js';
import { differences, outputsOf, type Outputs } from './outputs.js';

/** A run may take this many times what an undisturbed one takes. */
const LIMIT_FACTOR = 5;
/** Starts of a trainer within one run; a plan has two faults at most. */
const ATTEMPTS_MAX = 8;
/** A machine that became this much slower has other work, and its old measure is none. */
const SLOWER_FACTOR = 1.3;
/** The last one counts. */
const MEASURED_RUNS = 3;
const LOG_CHARACTERS_MAX = 4000;

export interface RunResult {
  readonly index: number;
  /** Of the faults that were carried out. */
  readonly struck: readonly string[];
  readonly ms: number;
  /** Trainers that worked on it. */
  readonly attempts: number;
  /** Reasons by which the run said why it could not go on. */
  readonly reasons: readonly string[];
  /** What is not as it should be; empty when nothing was lost. */
  readonly problems: readonly string[];
  /** Not finished within its time. */
  readonly isLate: boolean;
  /** Last words of the trainer that was at work at the end. */
  readonly trainerLog: string;
}

/** How one attempt ended. */
type Ending =
  | { readonly kind: 'succeeded' | 'cancelled' | 'died' | 'late' }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

export class Lane {
  private expected: Outputs | undefined;
  private undisturbed: Undisturbed | undefined;

  private constructor(
    private readonly folder: string,
    private readonly configYaml: string,
    private readonly annotator: BillingAnnotator,
    private readonly erring: ErringServer,
    private readonly startRig: () => Promise<Rig>,
    private rig: Rig,
  ) {}

  static async open(folder: string, name: string): Promise<Lane> {
    const { modelPath, configYaml } = await writeFaultProject(folder);
    const annotator = await BillingAnnotator.listen();
    const rewardModels = {
      billing: { backend: 'module', path: annotator.writeModule(folder) },
      afinn: { backend: 'afinn' },
    };
    const startRig = () => Rig.start({ name, folder, modelPath, rewardModels });
    const erring = await ErringServer.listen();
    return new Lane(folder, configYaml, annotator, erring, startRig, await startRig());
  }

  /** What an undisturbed run takes, once its processes are warm, and leaves; measured anew with every call. */
  async measure(): Promise<Outputs> {
    for (let run = 1; run < MEASURED_RUNS; run++) await this.runUndisturbed();
    return await this.runUndisturbed();
  }

  get undisturbedMs(): number {
    return this.undisturbed?.ms ?? 0;
  }

  /** Carries a plan out. A run that is late on a machine that has become slower is tried once more at the new measure. */
  async run(plan: FaultPlan): Promise<RunResult> {
    const result = await this.tryPlan(plan);
    if (!result.isLate) return result;
    const measuredMs = this.undisturbedMs;
    await this.measure();
    return this.undisturbedMs > SLOWER_FACTOR * measuredMs ? await this.tryPlan(plan) : result;
  }

  private async tryPlan(plan: FaultPlan): Promise<RunResult> {
    const { undisturbed, expected, rig, annotator, erring } = this;
    if (!undisturbed || !expected) throw new Error('measure() comes first');
    const onSmallDisk = plan.strikes.some(({ fault }) => fault.kind === 'disk-full');
    const place = new RunPlace(this.folder, `run-${plan.index}`, { onSmallDisk });
    const problems: string[] = [];
    const reasons: string[] = [];
    const intrude = async (): Promise<void> => {
      const code = await this.start(await rig.secondTrainer(), place).then(
        () => 'nothing',
        (error: unknown) => (error instanceof RemoteError ? error.code : String(error)),
      );
      if (code !== 'RUN_DIRECTORY_BUSY') problems.push(`a second trainer was told ${code}`);
    };
    const injector = new Injector({ plan, rig, annotator, erring, place, undisturbed, intrude });
    injector.arm();
    const startMs = performance.now();
    const deadlineMs = startMs + LIMIT_FACTOR * undisturbed.ms;
    let attempts = 0;
    let ending: Ending = { kind: 'died' };
    try {
      while (attempts < ATTEMPTS_MAX) {
        attempts += 1;
        ending = await this.attempt(await rig.readyTrainer(), place, deadlineMs, () => injector.unitDone());
        if (ending.kind === 'succeeded' || ending.kind === 'late') break;
        if (ending.kind === 'failed') {
          reasons.push(ending.reason);
          if (isDamageReason(ending.reason) && (await damageIn(place)).length === 0) {
            problems.push(`fsck finds nothing where the run found ${ending.reason}`);
          }
          if (!place.mend(ending.reason)) break;
        }
        if (ending.kind === 'cancelled') await rig.process('trainer')?.ended();
      }
      const ms = performance.now() - startMs;
      if (ending.kind !== 'succeeded') problems.push(endingText(ending));
      const trainerLog = rig.process('trainer')?.stderr.slice(-LOG_CHARACTERS_MAX) ?? '';
      await injector.end().catch((error: unknown) => problems.push(`the fault itself: ${String(error)}`));
      const bill = this.annotator.takeBill();
      if (ending.kind === 'succeeded') {
        problems.push(...differences(outputsOf(place.runDirectory, bill), expected), ...(await damageIn(place)));
      }
      const struck = injector.struck.map(({ fault }) => fault.kind);
      if (ending.kind === 'succeeded') this.undisturbed = { ...undisturbed, msMin: Math.min(ms, undisturbed.msMin) };
      if (problems.length > 0) await this.renew();
      else await rig.mend();
      const orphans = this.rig.orphans() ?? [];
      if (orphans.length > 0) problems.push(`orphan processes: ${orphans.join()}`);
      return { index: plan.index, struck, ms, attempts, reasons, problems, isLate: ending.kind === 'late', trainerLog };
    } finally {
      place.remove();
    }
  }

  async close(): Promise<void> {
    await this.rig.stop();
    this.annotator.close();
    this.erring.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async runUndisturbed(): Promise<Outputs> {
    const before = answersOf(this.rig);
    const place = new RunPlace(this.folder, 'undisturbed', { onSmallDisk: false });
    const startMs = performance.now();
    let units = 0;
    const ending = await this.attempt(await this.rig.readyTrainer(), place, Infinity, () => units++);
    const ms = performance.now() - startMs;
    if (ending.kind !== 'succeeded') throw new Error(`the undisturbed run: ${JSON.stringify(ending)}`);
    const after = answersOf(this.rig);
    const answers = Object.fromEntries(LINKS.map((link) => [link, after[link] - before[link]]));
    const msMin = Math.min(ms, this.undisturbed?.msMin ?? Infinity);
    this.undisturbed = { units, ms, msMin, answers: answers as Record<LinkName, number> };
    this.expected = outputsOf(place.runDirectory, this.annotator.takeBill());
    place.remove();
    return this.expected;
  }

  /** After a loss nothing of the rig is to be trusted: what is still under way would be billed to the next run. */
  private async renew(): Promise<void> {
    await this.rig.stop();
    this.rig = await this.startRig();
    this.annotator.takeBill();
  }

  private async start({ client }: Trainer, { runDirectory }: RunPlace): Promise<string> {
    const { configYaml, folder } = this;
    const { run } = await client.startTrainingRun({ configYaml, baseDirectory: folder, runDirectory });
    return run?.runId ?? '';
  }

  /** Starts or resumes the run and follows it until it ends or the trainer dies. */
  private async attempt(trainer: Trainer, place: RunPlace, deadlineMs: number, onUnit: () => void): Promise<Ending> {
    const late = new AbortController();
    const leftMs = deadlineMs - performance.now();
    const timer = Number.isFinite(leftMs) ? setTimeout(() => late.abort(), Math.max(0, leftMs)) : undefined;
    try {
      const runId = await unlessAborted(this.start(trainer, place), late.signal);
      for await (const event of trainer.client.watchTrainingRun({ runId }, { signal: late.signal })) {
        if (event.kind === 'phaseProgress') onUnit();
        const { state, failure } = event.run ?? {};
        if (event.kind !== 'runEnded') continue;
        if (state === 'RUN_STATE_SUCCEEDED') return { kind: 'succeeded' };
        if (state === 'RUN_STATE_CANCELLED') return { kind: 'cancelled' };
        return { kind: 'failed', reason: failure?.reason ?? 'none', message: failure?.message ?? '' };
      }
      return { kind: 'failed', reason: 'WATCH_ENDED', message: 'the watch ended before the run' };
    } catch (error) {
      if (late.signal.aborted) return { kind: 'late' };
      const code = error instanceof RemoteError ? error.code : 'UNNAMED';
      if (error instanceof RemoteError && (error.status === 'UNAVAILABLE' || code === 'DRAINING')) {
        await trainer.service.ended();
        return { kind: 'died' };
      }
      return { kind: 'failed', reason: code, message: String(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}

function endingText(ending: Ending): string {
  if (ending.kind === 'failed') return `the run failed: ${ending.reason}: ${ending.message}`;
  return ending.kind === 'late' ? `hang: not finished after ${LIMIT_FACTOR} × the undisturbed time` : ending.kind;
}

/** What `metaapo fsck` finds. */
async function damageIn({ runDirectory }: RunPlace): Promise<string[]> {
  const { findings } = await fsckRun(runDirectory);
  const damage = findings.filter(({ severity }) => severity === 'damage');
  return damage.map(({ place, problem }) => `fsck: ${place}: ${problem}`);
}

function answersOf(rig: Rig): Record<LinkName, number> {
  return Object.fromEntries(LINKS.map((link) => [link, rig.links[link].answeredChunks])) as Record<LinkName, number>;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return await Promise.race([work, promise]);
}

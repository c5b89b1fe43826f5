/** @file Many plans of one seed over two lanes side by side. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { drawPlan } from '../plan/draw-plan.js';
import { planText, type FaultPlan } from '../plan/fault.js';
import { SmallDisk } from '../rig/small-disk.js';
import { Lane, type RunResult } from './lane.js';
import { differences } from './outputs.js';

const LANES = 2;

export interface CampaignOptions {
  readonly seed: number;
  /** Faults to be carried out, at least; a run has one or two. */
  readonly count: number;
  /** First plan; an earlier campaign may have carried out those before it. @default 0 */
  readonly from?: number;
  /** Just this plan. */
  readonly only?: number | undefined;
  /** Ends the campaign after the runs that are under way. */
  readonly signal?: AbortSignal;
  /** Called after each run. */
  readonly onRun?: (result: RunResult, plan: FaultPlan) => void;
}

export interface Loss {
  readonly index: number;
  readonly plan: string;
  readonly problems: readonly string[];
  readonly trainerLog: string;
}

export interface CampaignResult {
  readonly seed: number;
  readonly seconds: number;
  readonly undisturbedMs: number;
  readonly results: readonly RunResult[];
  readonly losses: readonly Loss[];
  /** Kinds of faults that this machine cannot do, and why. */
  readonly skipped: Readonly<Record<string, string>>;
}

export async function runCampaign({
  seed,
  count,
  from = 0,
  only,
  signal,
  onRun,
}: CampaignOptions): Promise<CampaignResult> {
  const startMs = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-fault-'));
  const whyNoDisk = SmallDisk.whyNot(folder);
  const without = new Set(whyNoDisk === false ? [] : (['disk-full'] as const));
  const lanes: Lane[] = [];
  const results: RunResult[] = [];
  const losses: Loss[] = [];
  let next = only ?? from;
  const isEnough = (): boolean => {
    if (only !== undefined) return next > only;
    return results.reduce((sum, { struck }) => sum + struck.length, 0) >= count;
  };
  const work = async (lane: Lane): Promise<void> => {
    while (!isEnough() && signal?.aborted !== true) {
      const index = next++;
      const plan = drawPlan(seed, index, { without });
      const result = await lane.run(plan);
      results.push(result);
      const { problems, trainerLog } = result;
      if (problems.length > 0) losses.push({ index, plan: planText(plan), problems, trainerLog });
      onRun?.(result, plan);
    }
  };
  try {
    const opened = Array.from({ length: only === undefined ? LANES : 1 }, async (_, number) => {
      const laneFolder = join(folder, `lane-${number}`);
      mkdirSync(laneFolder);
      lanes.push(await Lane.open(laneFolder, `${basename(folder)}-${number}`));
    });
    await Promise.all(opened);
    await measure(lanes);
    await Promise.all(lanes.map(work));
    return {
      seed,
      seconds: (performance.now() - startMs) / 1000,
      undisturbedMs: Math.max(...lanes.map(({ undisturbedMs }) => undisturbedMs)),
      results: results.toSorted((a, b) => a.index - b.index),
      losses,
      skipped: whyNoDisk === false ? {} : { 'disk-full': whyNoDisk },
    };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Side by side, as the faulted runs will be. */
async function measure(lanes: readonly Lane[]): Promise<void> {
  const [first, ...others] = await Promise.all(lanes.map((lane) => lane.measure()));
  for (const other of others) {
    const problems = first ? differences(other, first) : [];
    if (problems.length > 0) throw new Error(`undisturbed runs differ: ${problems.join('; ')}`);
  }
}

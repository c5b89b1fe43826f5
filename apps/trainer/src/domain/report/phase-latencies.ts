/** @file Latency per phase over a whole run, from the journal. */
import type { PhaseLatency } from '#report';
import type { Journal } from '../storage/journal.js';

/** What the trainer decided or noted by itself, and asked no service. */
const DECISIONS = /\/(opening|admission|epochs|note)$/;

/** Evaluation's phases are told together, whatever their stage. */
function groupOf(phase: string): string {
  return phase.startsWith('evaluate-') ? 'evaluate' : phase;
}

export async function phaseLatencies(journal: Journal): Promise<PhaseLatency[]> {
  const units = (await journal.latencies()).filter(({ phase }) => !DECISIONS.test(phase));
  const byPhase = Map.groupBy(units, ({ phase }) => groupOf(phase));
  const wall = new Map<string, number>();
  for (const [phase, wallMs] of await journal.wallTimes()) {
    wall.set(groupOf(phase), (wall.get(groupOf(phase)) ?? 0) + wallMs);
  }
  return [...byPhase].map(([phase, group]) => {
    const sorted = group.map(({ elapsedMs }) => elapsedMs).toSorted((a, b) => a - b);
    return {
      phase,
      unitCount: sorted.length,
      p50Ms: quantile(sorted, 0.5),
      p95Ms: quantile(sorted, 0.95),
      maxMs: sorted.at(-1) ?? 0,
      wallMs: wall.get(phase) ?? 0,
    };
  });
}

/** The smallest value that at least a share `q` of all values does not exceed. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

/**
 * Goal: kill anything at any moment, get the same bytes and the same bill. Method: seeded faults over the real processes;
 * every faulted run is compared with an undisturbed one. `npm run fault` injects more of them.
 */
import { before, describe, it } from 'node:test';
import { deepEqual, ok } from 'node:assert/strict';
import { runCampaign, type CampaignResult } from './campaign/campaign.js';
import { drawPlan } from './plan/draw-plan.js';

const SEED = 1;
const FAULTS = 60;
/** Kinds that sixty faults of any seed have many of. */
const FREQUENT = ['kill', 'reset'] as const;

describe('faults over the real processes', { timeout: 280_000 }, () => {
  let campaign: CampaignResult;

  before(async () => {
    campaign = await runCampaign({ seed: SEED, count: FAULTS });
  });

  it('lose nothing: the same bytes, the same bill, in time, and no process left behind', () => {
    deepEqual(
      campaign.losses.map(({ index, plan, problems }) => ({ index, plan, problems })),
      [],
    );
  });

  it('were carried out, not missed', () => {
    const struck = campaign.results.flatMap((result) => result.struck);
    ok(struck.length >= FAULTS);
    for (const kind of FREQUENT) ok(struck.includes(kind), `no ${kind} among ${struck.join()}`);
    const idle = campaign.results.filter((result) => result.struck.length === 0).length;
    ok(idle < campaign.results.length / 5, `${idle} runs of ${campaign.results.length} ended before their fault`);
  });
});

describe('a plan of faults', () => {
  it('is a function of its seed and index', () => {
    for (const index of [0, 1, 999]) deepEqual(drawPlan(SEED, index), drawPlan(SEED, index));
    ok(JSON.stringify(drawPlan(SEED, 0)) !== JSON.stringify(drawPlan(SEED, 1)));
    ok(JSON.stringify(drawPlan(SEED, 0)) !== JSON.stringify(drawPlan(SEED + 1, 0)));
  });

  it('has no kind of fault that it is told to leave out', () => {
    const without = new Set(['disk-full'] as const);
    const kinds = Array.from({ length: 300 }, (_, index) => drawPlan(SEED, index, { without }).strikes)
      .flat()
      .map(({ fault }) => fault.kind);
    ok(!kinds.includes('disk-full'));
    ok(new Set(kinds).size >= 9, [...new Set(kinds)].join());
  });
});

/**
 * @file More faults than the test injects:
 * `npm run fault -- [--count FAULTS] [--seed N] [--from K] [--only K] [--json] [--verbose]`. A loss names its plan; with
 * `--seed` and `--only` that plan is carried out again.
 */
import { parseArgs } from 'node:util';
import { runCampaign, type CampaignResult } from './campaign/campaign.js';
import { planText } from './plan/fault.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
let done = 0;
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());
const result = await runCampaign({
  seed: Number(values.seed),
  count: Number(values.count),
  from: Number(values.from),
  only: values.only === undefined ? undefined : Number(values.only),
  signal: stopping.signal,
  onRun: ({ index, ms, attempts, reasons, problems, struck }, plan) => {
    done += 1;
    if (values.verbose || problems.length > 0) {
      const what = problems.length > 0 ? `LOSS ${problems.join('; ')}` : `ok, ${struck.length} struck`;
      const how = `${ms.toFixed(0)} ms, ${attempts} trainers${reasons.length > 0 ? `, ${reasons.join()}` : ''}`;
      console.error(`${String(index).padStart(4)} ${planText(plan)}: ${how}: ${what}`);
    } else if (done % 50 === 0) console.error(`${done} runs`);
  },
});
if (values.json) console.log(JSON.stringify(result));
else print(result);
process.exitCode = result.losses.length === 0 ? 0 : 1;

function print({ seed, seconds, undisturbedMs, results, losses, skipped }: CampaignResult): void {
  const kinds = new Map<string, { faults: number; reasons: Map<string, number>; msMax: number }>();
  for (const { struck, reasons, ms } of results) {
    for (const kind of struck) {
      const row = kinds.get(kind) ?? { faults: 0, reasons: new Map<string, number>(), msMax: 0 };
      row.faults += 1;
      row.msMax = Math.max(row.msMax, ms);
      for (const reason of reasons) row.reasons.set(reason, (row.reasons.get(reason) ?? 0) + 1);
      kinds.set(kind, row);
    }
  }
  console.log('fault       times  slowest  refused by name, mended, gone on');
  for (const [kind, { faults, msMax, reasons }] of [...kinds].toSorted(([, a], [, b]) => b.faults - a.faults)) {
    const refused = [...reasons].map(([reason, times]) => `${reason} ${times}`).join(', ');
    console.log(
      `${kind.padEnd(11)} ${String(faults).padStart(5)} ${(msMax / undisturbedMs).toFixed(1).padStart(7)}×  ${refused}`,
    );
  }
  for (const [kind, why] of Object.entries(skipped)) console.log(`${kind} skipped: ${why}`);
  for (const { index, plan, problems, trainerLog } of losses) {
    console.log(`\nLOSS --seed ${seed} --only ${index}: ${plan}\n  ${problems.join('\n  ')}\n${trainerLog}`);
  }
  const faults = results.reduce((sum, { struck }) => sum + struck.length, 0);
  console.log(
    `\n${results.length} runs, ${faults} faults, ${losses.length} losses; ${seconds.toFixed(0)} s; ` +
      `an undisturbed run takes ${undisturbedMs.toFixed(0)} ms`,
  );
}

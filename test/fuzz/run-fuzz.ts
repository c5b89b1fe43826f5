/**
 * @file More mutants than the test tries: `node dist/test/fuzz/run-fuzz.js [--mutants N] [--seed N] [--only FORMAT]
 * [--index N] [--json]`. A finding names format and index; with `--only` and `--index` it is read again.
 */
import { parseArgs } from 'node:util';
import { FORMATS } from './formats.js';
import { fuzzFormats } from './fuzz-formats.js';

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    index: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const { only, json } = values;
if (only !== undefined && !FORMATS.some(({ name }) => name === only)) {
  console.error(`--only: expected one of ${FORMATS.map(({ name }) => name).join(', ')}, got ${only}`);
  process.exit(2);
}
const startedAtMs = performance.now();
const results = await fuzzFormats({
  mutants: Number(values.mutants),
  seed: Number(values.seed),
  only,
  index: values.index === undefined ? undefined : Number(values.index),
});
const seconds = (performance.now() - startedAtMs) / 1000;
const mutants = results.reduce((sum, result) => sum + result.mutants, 0);
const findings = results.flatMap((result) => result.findings);
if (json) {
  console.log(JSON.stringify({ mutants, seconds, findings: findings.length, results }));
} else {
  for (const { format, mutants: count, accepted, refused } of results) {
    const codes = Object.entries(refused).toSorted(([, a], [, b]) => b - a);
    console.log(`${format.padEnd(26)} ${String(count).padStart(7)} mutants, ${accepted} accepted; refused:`);
    console.log(`  ${codes.map(([code, times]) => `${code} ${times}`).join(', ')}`);
  }
  for (const { format, index, problem } of findings)
    console.log(`\nFINDING --only '${format}' --index ${index}\n${problem}`);
  console.log(`\n${mutants} mutants in ${seconds.toFixed(1)} s, ${findings.length} findings`);
}
process.exitCode = findings.length === 0 ? 0 : 1;

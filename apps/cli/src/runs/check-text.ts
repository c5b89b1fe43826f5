/** @file What a check of a run found, for people. */
import { count } from '#report';
import type { Finding, RunCheck } from './check-run.js';

const NAMES = {
  units: ['unit', 'units'],
  steps: ['step', 'steps'],
  metaStates: ['state of the meta-learner', 'states of the meta-learner'],
  scores: ['score', 'scores'],
  artifacts: ['artifact', 'artifacts'],
  files: ['file', 'files'],
} as const;

const LABELS = { damage: 'DAMAGE', unchecked: 'UNCHECKED', notice: 'notice' } as const;

/** What was looked at, what is wrong with it, and what to do; ends with a line break. */
export function checkText({ runId, checked, findings }: RunCheck): string {
  const parts = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((what) => {
    const [one, many] = NAMES[what];
    return `${count(checked[what])} ${checked[what] === 1 ? one : many}`;
  });
  const lines = [
    ...(runId === '' ? [] : [`run ${runId}`]),
    `checked ${parts.join(', ')}`,
    ...findings.flatMap(({ severity, place, problem, remedy }) => [
      `${LABELS[severity]} ${place}: ${problem}`,
      `       ${remedy}`,
    ]),
    verdictOf(findings),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function verdictOf(findings: readonly Finding[]): string {
  const damageCount = findings.filter(isDamage).length;
  if (damageCount > 0) return `damaged: ${damageCount} ${damageCount === 1 ? 'thing is' : 'things are'} not as written`;
  if (findings.some(isUnchecked)) return 'could not be checked in full: what was looked at is as it was written';
  return 'sound: everything is as it was written';
}

export function isUnchecked({ severity }: Finding): boolean {
  return severity === 'unchecked';
}

export function isDamage({ severity }: Finding): boolean {
  return severity === 'damage';
}

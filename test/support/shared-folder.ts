/**
 * @file Reference data that lies beside the checkout, where there is any: golden results, preference data, models.
 *
 * Tests that need it skip with a reason where it is absent.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot } from '#core';

/** A folder of the reference data. */
export function sharedFolder(name: string): string {
  return join(installationRoot(), '..', 'shared', name);
}

/** Golden results that the repository itself holds: families and rope types that the reference data lacks. */
export function ownGolden(): string {
  return join(installationRoot(), 'test', 'golden', 'families');
}

/** Trainings of reward models by TRL, in the repository too. */
export function rewardTrainingGolden(): string {
  return join(installationRoot(), 'test', 'golden', 'reward-training');
}

/** For `node:test`: false where the folder is there, else why the test is skipped. */
export function skipWithout(name: string): string | false {
  return existsSync(sharedFolder(name)) ? false : `no reference data: ../shared/${name} is absent`;
}

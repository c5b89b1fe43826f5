/** @file Where the demo lies in the checkout. */
import { join } from 'node:path';
import { installationRoot } from '#core';

export const DEMO_FOLDER = join(installationRoot(), 'configs/demo');
export const DEMO_MODEL_FOLDER = join(DEMO_FOLDER, 'model');

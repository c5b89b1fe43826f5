/** @file Where the demo lies in the checkout. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function checkout(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package-lock.json'))) dir = dirname(dir);
  return dir;
}

export const DEMO_FOLDER = join(checkout(), 'configs/demo');
export const DEMO_MODEL_FOLDER = join(DEMO_FOLDER, 'model');

/**
 * @file WebGPU, on the software device that Debian's Chromium brings: a Vulkan driver that computes on the processor. The
 * same graphs as on a graphics card, lowered for the same kernels, slowly.
 */
import { equal, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SKIP_WITHOUT_GOLDEN } from '../golden-support.js';
import type { DeviceComparison } from './software-device.js';

const DRIVER = 'vk_swiftshader_icd.json';
const folder = ['/usr/lib/chromium', '/usr/lib64/chromium-browser', '/opt/google/chrome'].find(
  (dir) => existsSync(join(dir, DRIVER)) && existsSync(join(dir, 'libvulkan.so.1')),
);
const skip = SKIP_WITHOUT_GOLDEN || (folder === undefined && 'no Chromium with a software Vulkan driver is installed');

describe('WebGPU on a software device', { skip }, () => {
  it('scores, draws tokens and takes gradients as the processor does', () => {
    const output = execFileSync(process.execPath, [join(import.meta.dirname, 'software-device.js')], {
      encoding: 'utf8',
      env: { VK_ICD_FILENAMES: join(folder ?? '', DRIVER), LD_LIBRARY_PATH: folder ?? '' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 180_000,
    });
    const { sums, gradients, differing, samples } = JSON.parse(output) as DeviceComparison;
    ok(sums < 1e-3, `sums of log-probabilities off by ${sums}`);
    ok(gradients < 1e-3, `gradients off by ${gradients} of their largest element`);
    ok(samples > 0);
    equal(differing, 0, `${differing} of ${samples} samples have other tokens`);
  });
});
